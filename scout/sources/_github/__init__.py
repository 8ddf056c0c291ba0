"""What the source `github` is made of; `scout/sources/github.py` is its only door.

- `settings`: its table in `scout.toml`.
- `shape`, `words`: reading what GitHub says, whatever shape it has, in Scout's vocabulary.
- `stream`: what a stream is; `tickets`, `talk`, `history`, `changes`, `delivery`, `planning`, `rules`: the streams, by
  theme, each with the core rows that follow from its records; `streams`: all of them.
- `recorder`: records from what came.
- `door`: how to ask; `sheet`: a page, read; `together`: many questions at once.
- `window`, `walk`, `listings`, `ends`, `lists`, `graph`: what to ask, by the way a stream is paged; `plans`: which way.
- `details`, `sweep`: what hangs on single records, and what is not there any more.
- `position`, `pulling`: from where one pull ended to where the next begins.
"""
