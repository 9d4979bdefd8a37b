"""Strings that a reader of YAML could take for something else, each once."""

import re
from typing import Final

from hypothesis import strategies as st

# The types of yaml.org/type (YAML 1.1) and of the core schema (YAML 1.2, section 10.3.2).
_OTHER_TYPES: Final = re.compile(
    r"""(?xi: y|n|yes|no|on|off|true|false|null|~|<<|=|
    [-+]?(?:0b[01_]+|0x[0-9a-f_]+|0o[0-7]+|[0-9][0-9_]*)|
    [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|
    [-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_.]*)?)(?:e[-+]?[0-9]+)?|
    [-+]?\.inf|\.nan|
    [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?)?"""
)


def is_another_type(scalar: str) -> bool:
    """Whether a bare scalar is no string to some reader of YAML 1.1 or 1.2."""
    return bool(_OTHER_TYPES.fullmatch(scalar))


ODD: Final = (
    # words and numbers of YAML 1.1 and 1.2
    *("y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"),
    *("true", "True", "TRUE", "false", "False", "null", "Null", "NULL", "~", "nan", ".nan", ".NaN", ".inf"),
    *("-.inf", "inf", "12345678", "190:20:30"),
    *("0", "1", "-1", "+1", "007", "0o17", "0x1F", "0b11", "1e3", "1E3", "1.5", ".5", "5.", "1_000"),
    *("08", "09", "0o8", "+12", "-0", "1e-3", "1.e3", "0.", "685_230.15", "0b1_0", "0x_1", "1:1", "1:59.9", "0:0:0"),
    *(".5e3", ".e1", "12e03", "e1", "infinity", "Infinity", ".INF", "+.inf", ".NAN", "NaN", "Inf", "Y:", "y/", "on."),
    *("nULL", "tRUE", "oN", "2001-1-1", "2001-12-14 21:59:43", "2001-12-14T21:59:43Z", "1/2", "::/0", "0.0.0.0/0"),
    *("2001:db8::/32", "1:2/", "a:/", "/:", "/", "./", "-/", ":/", "1.2.3.4", "fe80::1", "12:30:45", "app:", "a:b"),
    *("_", "-a", ".a", "a-", "a.", "a_", "a@b", "@", "a%", "Context Graph", "a  b", "HTTP + gRPC (all)", "a, b: c"),
    *("2001-12-14", "2001-12-14t21:59:43.10-05:00", "=", "<<", "123456789012345678901234567890", "1.0", "6379/TCP"),
    # characters that mean something at the start, in the middle, or at the end
    *("", " ", " a", "a ", "-", "- a", "--- ", "---", "...", "?", "? a", ":", "a: b", "a:", ":a", "a #b", "#a", "a#b"),
    *("{", "}", "{}", "[", "]", "[]", ",", "a, b", "&a", "*a", "!a", "!!str a", "|", ">", "|-", "%YAML"),
    *("@a", "`a`"),
    *("'", '"', "'a'", '"a"', "it's", 'say "a"', "\\", "\\n", "a\\", "{{ .Values.x }}", "${HOME}", "$(id)"),
    # line breaks, control and invisible characters, other scripts, beyond the basic plane
    *("a\nb", "a\n", "\na", "a\r\nb", "a\rb", "a\tb", "\t", "\x00", "\x07", "\x1b[31m", "\x7f"),
    *("\x80", "\x85", "a\x85b"),
    *("\xa0", "\xad", "\u200b", "\u200e", "\u202e", "\u2028", "\u2029", "\u2066", "\u3000", "\ufeff"),
    *("\ufffd", "\ufffe", "\uffff"),
    *("\ue000", "é", "größe", "日本語", "—", "→", "😀", "\U0001f1e6\U0001f1fa", "\U000e0041", "\U0010ffff", "e\u0301"),
)  # fmt: skip

# Texts that look like YAML more often than by chance.
ANY_TEXT = st.text(max_size=100) | st.text(" :#-,.'\"yn0129e_~/{}[]&*!|>%@`?=<", max_size=8)
