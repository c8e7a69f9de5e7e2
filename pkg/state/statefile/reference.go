package statefile

import (
	"fmt"
	"strings"
)

const referenceIntro = `# The state file

A state file says which shares each volume has and who may use them. This page lists every key that it can have. It is made from the same
table that reads the file, and so is the JSON Schema, [state.schema.json](../examples/state.schema.json), with which editors complete
and check a file whose first line is

` + "```yaml" + `
# yaml-language-server: $schema=./state.schema.json
` + "```" + `

A whole file, with comments, is [state.yaml](../examples/state.yaml).

The file is YAML, in UTF-8, one document of at most 16 MiB. Anchors, aliases and the merge key ` + "`<<`" + ` work; tags such as ` + "`!!binary`" + ` are refused,
and so are keys that stand in one mapping twice. Text that YAML takes for something else has to be quoted: ` + "`123`, `1e3`, `0755`, `true`, `yes`, `2026-01-31`" + `.
A file that is empty is an error, never the wish to take everything away. All mistakes in a file are told at once, each with its line and what to write instead.

What is said here in one file can also be said in many: ` + "`-f`" + ` takes a directory, for all files below it whose names end in ` + "`.yaml` or `.yml`" + `, and can be given several times.
[teams](../examples/teams) is such a directory. All files together are one state:

- Files and directories whose names begin with a dot are passed over. Symlinks to files are followed, those to directories are not. What can't be read is an error, and so is a file
  that is reached twice, or a directory without state files.
- The order in which files are named means nothing: they are read in the byte order of their paths.
- Each file has its own ` + "`version`" + ` and its own anchors. A group of one file can be used in all.
- A volume may stand in several files, as in several places of one. Its shares are put together; each share and each group stands in one place.
- Any other key may be said in several places, if they say the same. What one of them leaves out it leaves to the others. So a file may hold only what all have in common.
- 16 MiB is the limit of all files together; there are at most 1000 of them, directories counted.

Deleting a share's block takes nothing away: the share is then undeclared, and ` + "`undeclared`" + ` says what becomes of it. To take away access, write ` + "`access: []`" + `;
to remove a share, ` + "`state: absent`" + `.
`

// Reference returns the reference of the state file in Markdown: each section
// of the table, in the order in which the file nests them.
func Reference() string {
	var b strings.Builder
	b.WriteString(referenceIntro)
	for _, s := range sections() {
		writeSection(&b, s)
	}
	return b.String()
}

// sections are all sections of the table, from the file inwards.
func sections() []*description {
	return []*description{
		fileSection.describe(), sshSection.describe(), volumeSection.describe(), shareSection.describe(), clientSection.describe(),
	}
}

func writeSection(b *strings.Builder, s *description) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n", s.where, s.doc)
	for _, f := range s.fields {
		fmt.Fprintf(b, "\n### `%s`\n\n%s\n\n", f.name, f.doc)
		fmt.Fprintf(b, "- holds: %s\n", f.shape.what)
		switch {
		case f.once != "":
			fmt.Fprintf(b, "- required %s\n", f.once)
		case f.required != "" && f.only != "":
			fmt.Fprintf(b, "- required of a share that is %s\n", f.only)
		case f.required != "":
			b.WriteString("- required\n")
		default:
			fmt.Fprintf(b, "- left out: %s\n", f.absent)
		}
		fmt.Fprintf(b, "\n```yaml\n%s\n```\n", f.example)
	}
}
