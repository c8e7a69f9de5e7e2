package render_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	source "github.com/yuin/goldmark/text"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
)

// roomy is what GitHub leaves for a comment, as plan has it.
const roomy = 60_000

// comment is one about the plans of a case of golden.
func comment(c goldenCase) render.Comment {
	code := 0
	switch s := diff.Summarize(c.plans); {
	case len(c.errors) > 0:
		code = 3
	case s.Problems+len(c.refusals)+len(c.moved) > 0:
		code = 4
	case s.Held+len(c.unread) > 0:
		code = 1
	}
	return render.Comment{
		Key: "test", Plans: c.plans, Refusals: c.refusals, Commands: c.options.Commands, MaxBytes: roomy,
		Unread: c.unread, Errors: c.errors, Basis: c.basis, ExitCode: code,
		Saved: c.saved, Moved: c.moved,
	}
}

// parse reads Markdown as GitHub does, with tables, bare links and all.
func parse(markdown []byte) ast.Node {
	return goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(source.NewReader(markdown))
}

// skeleton gives the blocks and spans of Markdown, one a line: of code only that it is
// there, of everything else its text.
func skeleton(t *testing.T, markdown []byte) string {
	t.Helper()
	if bytes.ContainsRune(markdown, '\r') {
		t.Error("a carriage return")
	}
	var b strings.Builder
	depth := 0
	err := ast.Walk(parse(markdown), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		fmt.Fprintf(&b, "%s%s", strings.Repeat(" ", depth), n.Kind())
		depth++
		switch n := n.(type) {
		case *ast.Text:
			fmt.Fprintf(&b, " %s", n.Value(markdown))
		case *ast.String:
			fmt.Fprintf(&b, " %s", n.Value)
		case *ast.HTMLBlock:
			fmt.Fprintf(&b, " %q", n.Lines().Value(markdown))
		case *ast.CodeSpan:
			b.WriteString("\n")
			return ast.WalkSkipChildren, nil
		}
		b.WriteString("\n")
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// forms are what a comment is made of, and nothing else.
var forms = []ast.NodeKind{
	ast.KindDocument, ast.KindHeading, ast.KindParagraph, ast.KindTextBlock, ast.KindText, ast.KindEmphasis, ast.KindCodeSpan,
	ast.KindList, ast.KindListItem, ast.KindHTMLBlock, ast.KindFencedCodeBlock,
}

// checkForm checks what holds of every comment: the marker stands first and alone, all is
// made of the forms, what is folded is folded out again, and no text outside of
// code could be a mention or a reference.
func checkForm(t *testing.T, markdown []byte) {
	t.Helper()
	if !utf8.Valid(markdown) {
		t.Error("no UTF-8")
	}
	lines := strings.Split(skeleton(t, markdown), "\n")
	if want := ` HTMLBlock "<!-- glusterd-shares:plan test -->\n"`; lines[1] != want {
		t.Errorf("it begins with %s", lines[1])
	}
	open := false
	for _, line := range lines[2:] {
		kind, text, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		isForm := kind == "" || slices.ContainsFunc(forms, func(k ast.NodeKind) bool { return k.String() == kind })
		switch {
		case !isForm:
			t.Errorf("there is %s", line)
		case kind == "Text" && strings.ContainsAny(text, "@#<&\\`|*_"):
			t.Errorf("outside of code there is %q", text)
		case kind == "HTMLBlock" && opening.MatchString(text) && !open:
			open = true
		case kind == "HTMLBlock" && text == `"</details>\n"` && open:
			open = false
		case kind == "HTMLBlock":
			t.Errorf("HTML that is not expected: %s", line)
		}
	}
	if open {
		t.Error("what is folded has no end")
	}
}

// folds are what is folded in a comment.
func folds(markdown []byte) string {
	return string(bytes.Join(regexp.MustCompile(`(?s)<details.*?</details>`).FindAll(markdown, -1), nil))
}

// opening is the HTML that begins a fold.
var opening = regexp.MustCompile(`^"<details( open)?>\\n<summary>[a-z0-9, ]+</summary>\\n"$`)

func TestMarkdownForm(t *testing.T) {
	for _, c := range golden {
		t.Run(c.name, func(t *testing.T) { checkForm(t, render.Markdown(comment(c))) })
	}
}

// breakouts are what a name, an option or a path may hold to be more than text
// in a comment.
var breakouts = []string{
	"`", "``", "`` ` ```", " `x` ", "`\n", "\\", "\\`", "` @admin `", "@admin", "#123", "GH-1", "!1", "$1", "~label",
	"**x**", "_x_", "~~x~~", "<b>", "</summary></details>", "<!--", "-->", "--!>", "<script>alert(1)</script>", "&lt;&#96;&grave;", "a|b", "\n|a|b|\n|-|-|\n",
	"[x](https://evil.example)", "![x](https://evil.example/x.png)", "https://evil.example", "www.evil.example", "<https://evil.example>", "a@evil.example",
	"\n\n# Approved", "\n\n<!-- glusterd-shares:plan test -->\n", "\n```\n", "\n~~~\n", "\n---\n", "\n===\n", "\n    code", "\n- x\n", "\n1. x\n", "\n> x\n",
	"[x]: https://evil.example", "[^1]", ":+1:", "- [x] done", "$`x`$", "\ufeff", "  \n", "\u00a0", "\u200b",
}

// What a plan's strings hold changes nothing of the comment but the text in code.
func TestMarkdownHoldsText(t *testing.T) {
	for _, s := range slices.Concat(hostile, breakouts) {
		checkHeld(t, s)
	}
}

func FuzzMarkdownHoldsText(f *testing.F) {
	for _, s := range slices.Concat(hostile, breakouts) {
		f.Add(s)
	}
	f.Fuzz(checkHeld)
}

func checkHeld(t *testing.T, s string) {
	if s == "" {
		return // what is empty is left out
	}
	for _, c := range golden {
		of := func(s string, budget int) []byte {
			m := poisoned(comment(c), s)
			m.Key, m.Plans = "test", poisoned(c.plans, s)
			m.Commands = func(diff.Action) []string { return []string{"gluster " + s, "gluster `" + s} }
			m.MaxBytes = budget
			return render.Markdown(m)
		}
		const much = 1 << 30
		got, harmless := of(s, much), of("x", much)
		checkForm(t, of(s, len(got)*3/4))
		if with, without := skeleton(t, got), skeleton(t, harmless); with != without {
			t.Fatalf("%s with %q (-with x +with it):\n%s\n%s", c.name, s, cmp.Diff(without, with), got)
		}
		if with, without := lineHeads(got), lineHeads(harmless); with != without {
			t.Fatalf("%s with %q: lines begin otherwise (-with x +with it):\n%s", c.name, s, cmp.Diff(without, with))
		}
		for _, r := range string(got) {
			if r != '\n' && steers(r) {
				t.Fatalf("%s with %q: %q is in it", c.name, s, r)
			}
		}
	}
}

// lineHeads is with what each line begins, up to any code; of a command it is the
// first word. Robots that read comments look there for what they are to do.
func lineHeads(markdown []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(markdown)) {
		head, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "`")
		if rest, command := strings.CutPrefix(head, "gluster "); command && rest != "" {
			head = "gluster "
		}
		b.WriteString(head + "\n")
	}
	return b.String()
}

// Whatever the budget, the comment keeps to it where what must be seen does, is whole
// in its form, and says what is left out.
func TestMarkdownBudget(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	for _, c := range golden {
		m := comment(c)
		m.MaxBytes = 1 << 30
		whole := render.Markdown(m)
		for range 60 {
			m.MaxBytes = 1 + d.IntN(len(whole)+100)
			got := render.Markdown(m)
			checkForm(t, got)
			if says := bytes.Contains(got, []byte("**Left out here")); says == (folds(got) == folds(whole)) {
				t.Errorf("%s in %d bytes: it says %v that something is left out", c.name, m.MaxBytes, says)
			}
			if says := bytes.Contains(got, []byte("\nThis is longer than")); says != (len(got) > m.MaxBytes) {
				t.Errorf("%s: it says %v that it is longer than %d bytes, and has %d", c.name, says, m.MaxBytes, len(got))
			}
			if len(got) > m.MaxBytes && folds(got) != "" {
				t.Errorf("%s: %d bytes where %d were asked for, and something could be left out", c.name, len(got), m.MaxBytes)
			}
			if len(whole) <= m.MaxBytes && !bytes.Equal(got, whole) {
				t.Errorf("%s: %d bytes are enough, and it is cut", c.name, m.MaxBytes)
			}
			if t.Failed() {
				t.Fatalf("%s", got)
			}
		}
	}
}

// Of what may be cut, warnings go last.
func TestMarkdownKeepsWarnings(t *testing.T) {
	m := comment(golden[0])
	const budget = 1500
	m.MaxBytes = budget
	got := string(render.Markdown(m))
	if !strings.Contains(got, "shuts out 10.0.0.7") || strings.Contains(got, "**Options") || !strings.Contains(got, "2 options") {
		t.Errorf("in %d bytes:\n%s", budget, got)
	}
}

// A line of nothing but backticks doesn't end the block that it stands in.
func TestMarkdownFence(t *testing.T) {
	m := comment(golden[0])
	m.Commands = func(diff.Action) []string { return []string{"```", "````"} }
	checkForm(t, render.Markdown(m))
}

// What stands in code is the text itself, to the byte, but for what is escaped.
func TestMarkdownCodeIsFaithful(t *testing.T) {
	for _, s := range slices.Concat(hostile, breakouts) {
		markdown := render.Markdown(render.Comment{Basis: s, MaxBytes: roomy})
		if got := firstCode(t, markdown); strings.TrimSpace(s) != "" && got != render.Escape(s) {
			t.Errorf("%q stands there as %q:\n%s", s, got, markdown)
		}
	}
}

// firstCode is what is in the first code span.
func firstCode(t *testing.T, markdown []byte) string {
	t.Helper()
	var b strings.Builder
	err := ast.Walk(parse(markdown), func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if n.Kind() != ast.KindCodeSpan {
			return ast.WalkContinue, nil
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			b.Write(c.(*ast.Text).Value(markdown))
		}
		return ast.WalkStop, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
