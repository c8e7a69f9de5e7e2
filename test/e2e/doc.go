//go:build e2e

// Package e2e proves the program on a real Gluster with its real NFS server
// and real NFS clients, each in a network namespace of its own.
//
// testbed.sh makes the bed; it is of use by hand as well. The tests run as
// root, on Debian 12:
//
//	test/e2e/testbed.sh deps
//	test/e2e/testbed.sh build
//	go test -tags e2e -v -timeout 30m ./test/e2e
//
// A test begins with onBed, takes a fresh volume, lets the program work on it
// and looks at what is then real: who can mount what, which options are set,
// what the directories are like. It looks with Gluster's own tools and a plain
// client of the MOUNT protocol, never with the program's own code.
//
// The program runs on the server. The tests of access run once more with it on a
// client, as a user without rights, from where it reaches the server's sshd:
// TestOverSSH has the list.
//
// TestFaultsOnGluster stands apart: faults.sh runs it (make faults-gluster), run.sh
// the others (make e2e).
package e2e
