//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// clients is how many clients the bed has: 10.0.0.1, 10.0.0.2, 10.0.1.3 and
// 10.0.0.129.
const clients = 4

// Client is one of the bed's NFS clients, counted from 1.
type Client struct {
	*Bed
	number int
}

func (b *Bed) Client(n int) Client { return Client{b, n} }

func (c Client) args(args ...string) []string {
	return append([]string{"client", strconv.Itoa(c.number)}, args...)
}

// Ask asks the server once for each path whether the client may mount it, and
// gives the answers by path: OK, ACCES, NOENT, or what test/mount3/cmd/mount3
// has besides.
func (c Client) Ask(paths ...string) map[string]string {
	c.Helper()
	out := map[string]string{}
	said := c.do(c.args(append([]string{probe, server}, paths...)...)...)
	for line := range strings.Lines(said) {
		word, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok {
			c.Fatalf("mount3 said %q", line)
		}
		out[path] = word
	}
	return out
}

// Write writes a file over NFS. The directory that it is in is what gets
// mounted.
func (c Client) Write(path, text string) {
	c.Helper()
	local := filepath.Join(c.TempDir(), "file")
	if err := os.WriteFile(local, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	c.do(c.args("nfs-cp", local, nfsURL(path))...)
}

// TryWrite is Write of what may not fit.
func (c Client) TryWrite(path, text string) Result {
	c.Helper()
	local := filepath.Join(c.TempDir(), "file")
	if err := os.WriteFile(local, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()
	return finish(bedScript(ctx, c.instance, c.args("nfs-cp", local, nfsURL(path))...))
}

// Space is how many bytes the file system holds that the client mounts there.
func (c Client) Space(path string) string {
	c.Helper()
	n, _, _ := strings.Cut(c.do(c.args(probe, "-space", server, path)...), " ")
	return n
}

// Read reads a file over NFS.
func (c Client) Read(path string) string {
	c.Helper()
	return c.do(c.args("nfs-cat", nfsURL(path))...)
}

// CannotRead checks that the client is not let in where a file is, and that
// this is why it can't read it.
func (c Client) CannotRead(path string) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), patience)
	defer cancel()
	r := finish(bedScript(ctx, c.instance, c.args("nfs-cat", nfsURL(path))...))
	if r.Code == 0 || !strings.Contains(r.Stderr, "MNT3ERR_") {
		c.Errorf("client %d read %s: exit %d\n%s%s; it should not be let in", c.number, path, r.Code, r.Stdout, r.Stderr)
	}
}

func nfsURL(path string) string { return fmt.Sprintf("nfs://%s%s", server, path) }
