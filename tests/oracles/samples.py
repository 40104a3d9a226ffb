"""Small own sources, one per language, made of the constructs that mislead a scanner."""

from __future__ import annotations

PYTHON = rb'''#!/usr/bin/env python
"""Module docstring
with a # inside and a blank line

and an "inner" quote"""
from os import *
"""A string behind a star import."""
import os  # trailing, with "one quote

VALUE = """
# not a comment
"""
TABLE = {
    "key":
        "value"
}
NAMES = (
    "first"
    # a comment between the parts
    "second"
)
CALL = print(
    # leading comment
    "alone in brackets"
)
x = 'it''s' + "a # b" + 'c\'# d'
"""Attribute docstring."""
y = "\\" + x  # the backslash is escaped
'single quoted statement'
r"""raw \ statement"""
assert x, \
    "message on its own line"


def f(a: str = "#", b='"""') -> "f":
    # only a comment
    "one line docstring"
    # and a comment behind it
    return a or \
        b


class A:
    r"""Doc \" end"""

    def g(self): """inline"""

    async def h(
        self,
    ) -> None:
        """
        Doc of h.

        # still doc
        """  # comment behind the docstring
        text = f"{self!r:>{10}} # no comment"
        text += ('a'
                 "b")
        return {
            'x': 1,
            'doc':
            """value over
            two lines"""
        }

    """a statement in a class"""
    z = [
        "one",
        "two"  # last
    ]

x = yield_ = None; "second statement"
if x in (
    "a" "b"
):
    """string in a block"""
elif x == \
        'c':
    pass
'''

C = rb"""/* first */
// line comment
#include <stdio.h> /* behind code */

static const char *mark = "/* no comment */";
static const char quote = '"'; // an opening quote in a character
static const char *url = "http://example.org"; /* begins here
   goes on
   ends */ int after;
/* one */ /* two */
/* one */ int a; /* two */
// continued \
   still a comment
int b = 4 / 2; // "
int c = 1 /* inline */ + 2;
char d = '\''; /* ' */
/**
 * Documentation with "quotes and 'apostrophes
 */
int main(void)
{
	char *s = "a\
// inside the string\
/* too";
	return 0; /* x */ /* y
	*/ // z
}
/***/
/**/ int e;
	/* indented */
/* a *//* b
*/
"""

CPP = rb"""// comment
auto raw = R"(
// not a comment
/* nor this */
)";
auto delimited = R"xy(
)"
// still raw
)xy"; // done
auto number = 1'000'000; // digits
char quote = '"'; /* x */
/* block
   // nested mark */
template <typename T> struct A { T value; };
auto u8text = u8"// no";
"""

RUST = rb"""//! Crate documentation
/// Item documentation with "a quote
#[derive(Debug)]
struct A<'a> { b: &'a str }

/* outer /* inner */ still a comment
   /* /* deep */ */
*/
fn f<'a>(c: char) -> &'static str {
    let quote = '"'; // a character
    let apostrophe = '\''; // another
    let unicode = '\u{1F600}';
    let text = "over
        // lines
        /* of text";
    let raw = r"C:\"; // comment behind
    let hashed = r#"
        "quoted" // inside
        /* inside
    "#;
    let bytes = br##"a"# // b
        // c
        "##;
    let glob = format!("{}/*", text); // glob
    'label: loop { break 'label; }
    /* inline */ 1 / 2
}
"""

GO = rb"""// Package sample is documented here.
package sample

/*
Block
*/
import "fmt"

var raw = `
// not a comment
/* neither
`
var r = '"' // rune
var s = '\'' /* x */
var t = "a\"// b"
func f() { fmt.Println(`one line`, "x") } // end
/* a */ func g() {} /* b
c */
"""

JAVASCRIPT = rb"""#!/usr/bin/env node
// comment
const url = "http://example.org"; // trailing
/* block
 * more
 */
const a = `template
// not a comment
${ 1 /* inner */ } ${`nested ${"x"}
/* not a comment */
`}
`;
const re = /["'`]\/[/"]/g; // a regex with quotes
const re2 = a.replace(/\/\*/g, "");
const half = 4 / 2; /* division */ const other = 8 / 4;
const arrow = () => /[`]/.test(a);
function f() {
  return /['"]/u.exec(a);
}
const s = 'it\'s' + "a \"b\" // c";
/* x */ f();
f(); /* y
z */
"""

TSX = rb"""// comment
import * as React from "react";
type A<T> = { a: T }; /* x */
export const B = ({ a }: A<string>) => (
  <div title="// no comment" className={`a ${a}`}>
    {/* a comment in braces */}
    Text // is text here
    <span>{a}</span>
  </div>
);
/**
 * Documentation
 */
const c: number = 1; // trailing
"""

TYPESCRIPT = rb"""/** doc */
export interface A { a: string; } // trailing
const b = <T,>(x: T): T => x;
// comment
const c = `a
  // inside
`;
enum D { E = 1 / 2 } /* x */
const f = value as unknown as string;
"""

JAVA = rb'''// comment
package a;
/**
 * Javadoc with "quote
 */
class A {
    char c = '"'; // x
    char d = '\''; /* y */
    String s = "a \" // b";
    String t = """
        // not a comment
        /* neither
        """;
    /* a */ int e; /* b
    */
}
'''

SHELL = rb"""#!/bin/sh
# comment
echo "a # b" # trailing
echo 'a
# inside single quotes
b'
echo "over
# inside double quotes
lines"
n=$# ; m=${#n} ; k=${n#prefix} ; j=${n##*/}
echo foo#bar \# not
cat <<EOF
# inside a here-document
'unbalanced
EOF
cat <<-'END' | sed 's/#//' # trailing
	# inside too
	END
# after
if [ "$n" = 'it' ]; then
    : # no-op
fi
	# indented
x=$(cat <<EOT
# in a substitution
EOT
)
y=$'it\'s # here'
"""

YAML = rb"""# comment
key: value # trailing
text: |
  # not a comment
  second line

  # nor this
# comment again
folded: >-
    # inside
    text
list:
  - name: a
    run: |
      # shell comment is content
      echo "x"
    # comment of the mapping
  - 'it''s # no comment'
quoted: "over
  # lines"
apostrophe: don't # trailing
anchor: &a [1, 2] # x
"""

TOML = rb'''# comment
title = "a # b" # trailing
text = """
# not a comment
"""
raw = \'\'\'
# neither "
\'\'\'
path = 'C:\'
# comment
[table] # trailing
list = [
  # inside the list
  1,
]
'''.replace(b"\\'", b"'").replace(b"'C:'", b"'C:\\'")

JSON = b"""{
  "a": "// no comment",

  "b": [1, 2]
}
"""

CUDA = rb"""// comment
__global__ void f(float *a) {
    /* block
     */
    a[threadIdx.x] = 1.0f; // trailing
}
"""

SAMPLES: dict[str, bytes] = {
    "c": C,
    "cpp": CPP,
    "cuda": CUDA,
    "go": GO,
    "java": JAVA,
    "javascript": JAVASCRIPT,
    "json": JSON,
    "python": PYTHON,
    "rust": RUST,
    "shell": SHELL,
    "toml": TOML,
    "tsx": TSX,
    "typescript": TYPESCRIPT,
    "yaml": YAML,
}
"""One source per language for which there is a grammar."""
