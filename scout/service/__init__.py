"""What Scout can do, one verb a file. Front doors parse, call one of these, and render its report."""
