"""Marks that switch a test off are told from conditions, strings and calls that look like them."""

import pytest

from scout.signals.code._skips import skips


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.test.js", "it.skip('paints', () => { paint() })\n", [(1, "paints")]),
        ("a.test.ts", "xdescribe('walls', () => { it('x', () => {}) })\n", [(1, "walls")]),
        ("a.test.ts", "test.skip(isWindows, 'not there')\n", []),
        ("a.test.js", "const x = 'it.skip()'\n", []),
        ("test_a.py", "@unittest.skip('broken')\nclass TestA: a = 1\n", [(1, "TestA")]),
        ("test_a.py", "@unittest.skip('not for these')\nclass TestA: pass\n", []),
        ("test_a.py", "@pytest.mark.skip\ndef test_a():\n    'Of the base.'\n    ...\n", []),
        ("test_a.py", "pytestmark = pytest.mark.skip(reason='later')\n", [(1, "")]),
        ("test_a.py", "def test_a():\n    self.skipTest('later')\n", [(2, "test_a")]),
        ("test_a.py", "def helper():\n    pytest.skip('later')\n", []),
        ("test_a.py", "if x:\n    @pytest.mark.skip\n    def test_a(): a()\n", []),
        ("test_a.py", "@pytest.mark.xfail(x < 3, reason='old')\ndef test_a(): a()\n", []),
        ("test_a.py", "@pytest.mark.xfail(reason='old')\ndef test_a(): a()\n", [(1, "test_a")]),
        ("a_spec.rb", "it 'dries', skip: 'later' do\nend\n", [(1, "dries later")]),
        ("a_spec.rb", "xit 'dries' do\nend\n", [(1, "dries")]),
        ("a_spec.rb", "it 'dries' do\n  skip 'later' if windows\nend\n", []),
        ("a_spec.rb", "pending 'add some examples'\n", [(1, "")]),
        ("a_test.go", 'package a\n\nfunc TestA(t *testing.T) {\n\tt.Skip("later")\n}\n', [(4, "TestA")]),
        ("a_test.go", 'package a\n\nfunc TestA(t *testing.T) {\n\tif x {\n\t\tt.Skip("later")\n\t}\n}\n', []),
        ("a_test.py", "def broken(:\n", []),
        ("a.txt", "it.skip('x', y)\n", []),
    ],
)
def test_a_mark_without_a_condition_switches_a_test_off(path: str, text: str, expected: list[tuple[int, str]]):
    assert [(skip.line, skip.name) for skip in skips(path, text)] == expected
