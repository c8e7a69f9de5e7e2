// Package sdnotify tells the service manager that has started the daemon how it is,
// as sd_notify(3) has it: READY, RELOADING, STOPPING, STATUS and WATCHDOG.
//
//	watch.Loop -> health.Board -> Snapshot -> STATUS, WATCHDOG
//	           -> Notifier ----------------> READY, RELOADING, STOPPING
//
// READY says that the daemon looks after things: it has read the state files, and
// acts on what they hold. It says nothing of the cluster, nor that the files are
// good: a daemon that is not ready is ended and started anew, at a boot as well, and
// that mends neither. STATUS says what is wrong, and /readyz goes by it.
//
// What the manager waits for is sent by a goroutine of its own: where the manager
// does not read, the daemon does not wait.
package sdnotify
