// Package contract is one suite of cases for two hosts: the sandbox and a real
// Gluster. What the sandbox answers stands in testdata, and a real one must
// answer the same, byte for byte but for what differs from one to the next (ids,
// processes, ports, paths) and for the order of options.
//
// On the sandbox it runs with every go test. On a real Gluster 10.3 with
// Gluster-NFS it runs as root of the server, where it makes the volumes gvtc
// and gvtd, and deletes them in the end:
//
//	go test -c -o contract.test ./test/contract
//	contract.test -test.v -real
//
// What the cases do in a volume is done twice there: the second time by commands
// alone, as from another machine.
//
// -update writes into testdata what the sandbox answers.
package contract
