package contract

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"glusterd-shares/pkg/gluster"
)

// volatile is what differs between two clusters that are alike.
var volatile = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`(<brick uuid="UUID">|<name>)[^<]*:/[^<]*`), "${1}HOST:BRICK"},
	{regexp.MustCompile(`<pid>[0-9]+</pid>`), "<pid>PID</pid>"},
}

// volfileHead is what stands in a volfile before the NFS server's own part: the
// way to the bricks.
var volfileHead = regexp.MustCompile(`(?s)(^|</cliOutput>\n)volume .*(volume nfs-server\n)`)

var optionList = regexp.MustCompile(`(?s)(<options>\s*)(.*?)(\s*</options>)`)

// limitList is of volume quota list: in the order of the directories' ids.
var limitList = regexp.MustCompile(`(?s)(?:    <limit>.*?</limit>\n)+`)

// stable gives the answer without what is volatile, its options sorted by name
// and its limits by path.
func stable(ans gluster.Answer) gluster.Answer {
	for _, v := range volatile {
		ans.Stdout = v.pattern.ReplaceAllString(ans.Stdout, v.instead)
	}
	ans.Stdout = volfileHead.ReplaceAllString(ans.Stdout, "$1$2")
	ans.Stdout = limitList.ReplaceAllStringFunc(ans.Stdout, func(list string) string {
		limits := strings.SplitAfter(list, "</limit>\n")
		slices.Sort(limits)
		return strings.Join(limits, "")
	})
	ans.Stdout = optionList.ReplaceAllStringFunc(ans.Stdout, func(list string) string {
		m := optionList.FindStringSubmatch(list)
		options := strings.SplitAfter(m[2], "</option>")
		for i, o := range options {
			options[i] = strings.TrimSpace(o)
		}
		slices.Sort(options)
		return m[1] + strings.Join(options, "") + m[3]
	})
	return ans
}

// summary gives an answer as lines that can be read: the exit status, every
// element of the document that holds text, an option as its name and value, and
// what isn't XML as it is.
func summary(ans gluster.Answer) []string {
	out := []string{fmt.Sprintf("exit %d", ans.Code)}
	documents, text := cutDocuments(ans.Stdout)
	out = append(out, elements(documents)...)
	out = append(out, textLines("stdout", text)...)
	return append(out, textLines("stderr", ans.Stderr)...)
}

// cutDocuments tells documents from the text behind them.
func cutDocuments(stdout string) (documents, text string) {
	const end = "</cliOutput>\n"
	if i := strings.LastIndex(stdout, end); strings.HasPrefix(stdout, "<?xml") && i >= 0 {
		return stdout[:i+len(end)], stdout[i+len(end):]
	}
	return "", stdout
}

// onlyOptions keeps of a summary of volume info what differs between volumes.
func onlyOptions(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		for _, keep := range []string{"opRet ", "opErrstr ", "statusStr ", "optCount ", "option ", "stdout "} {
			if strings.HasPrefix(line, keep) {
				return false
			}
		}
		return true
	})
}

func textLines(from, text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		out = append(out, fmt.Sprintf("%s %q", from, strings.TrimSuffix(line, "\n")))
	}
	return out
}

func elements(doc string) []string {
	var out []string
	text, option := "", ""
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			return append(out, "not XML: "+err.Error())
		}
		switch token := token.(type) {
		case xml.StartElement:
			text = ""
			if token.Name.Local == "option" {
				option = "option "
			}
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			switch name := token.Name.Local; {
			case strings.TrimSpace(text) == "":
			case name == "name" && option != "":
				option += text
			case name == "value" && option != "":
				out = append(out, fmt.Sprintf("%s %q", option, text))
				option = ""
			default:
				out = append(out, fmt.Sprintf("%s %q", name, text))
			}
			text = ""
		}
	}
}
