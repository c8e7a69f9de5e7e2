package gluster

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// maxReply bounds what is read as XML. A volume takes about 4 KiB, and 4 KiB
// more for each long option.
const maxReply = 16 << 20

// reply is what gluster --xml prints. The parts that a command doesn't have
// are nil.
type reply struct {
	XMLName  xml.Name `xml:"cliOutput"`
	OpRet    *int     `xml:"opRet"`
	OpErrno  int      `xml:"opErrno"`
	OpErrstr string   `xml:"opErrstr"`

	Volumes *volumesXML `xml:"volInfo>volumes"`
	List    *listXML    `xml:"volList"`
	Status  *statusXML  `xml:"volStatus>volumes"`
	Pool    *poolXML    `xml:"peerStatus"`
	Quota   *quotaXML   `xml:"volQuota"`

	stderr string // what was said beside it
}

var errEmpty = errors.New("the answer is empty")

// parseReply reads exactly one document. What is empty, cut off or followed by
// more is an error, and so is a document without opRet.
func parseReply(stdout string) (reply, error) {
	var r reply
	switch {
	case strings.TrimSpace(stdout) == "":
		return r, errEmpty
	case !strings.HasPrefix(stdout, "<?xml"):
		return r, errors.New("the answer is not XML")
	case len(stdout) > maxReply:
		return r, fmt.Errorf("the answer is longer than %d bytes", maxReply)
	}
	d := xml.NewDecoder(strings.NewReader(stdout))
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("the answer can't be read: %w", err)
	}
	if strings.TrimSpace(stdout[d.InputOffset():]) != "" {
		return r, errors.New("the answer goes on after its end")
	}
	if r.OpRet == nil {
		return r, errors.New("the answer has no opRet")
	}
	return r, nil
}
