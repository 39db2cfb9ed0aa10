from patcher.document.introduction import Source, named_files, named_sources

TEXT = """\
# Changes

Taken from [Mail](https://github.com/mail/mailer), commit
[abc1234](https://github.com/mail/mailer/tree/abc1234def/src/mail), and
<https://gitlab.com/net/hosts.git>; see https://github.com/mail/mailer/issues/3.

Files used:
* send.py
* det\\_hosts.py
* net/
  * ports.py
  * tls
    * keys.py
* README

More files: `a.py`, b.py

## send.py
* other.py
* Added https://github.com/not/this
"""


def test_files_with_their_folders() -> None:
    files = ("send.py", "det_hosts.py", "net/ports.py", "net/tls/keys.py", "a.py", "b.py")
    assert named_files(TEXT) == files
    assert named_files("") == ()


def test_repositories_with_commit_and_folder() -> None:
    assert named_sources(TEXT) == (
        Source("https://github.com/mail/mailer", "abc1234def", "src/mail"),
        Source("https://gitlab.com/net/hosts", "", ""),
    )
    assert named_sources("no address") == ()


def test_a_branch_is_no_commit() -> None:
    text = "See https://github.com/mail/mailer/tree/master/src."
    assert named_sources(text) == (Source("https://github.com/mail/mailer", "", "src"),)
