package statefile

import (
	"strings"

	"glusterd-shares/pkg/state"
)

// What a share can be.
const (
	presentShare = "present"
	absentShare  = "absent"

	absentTakes = "remove it: an absent share takes no key but name, state and on_delete"
)

// version is the only version of the format so far.
const version = "1"

// document is one state file while it is read.
type document struct {
	place
	settings
	foreign    *state.Problem // the file is of a version that can't be judged
	hostGroups value          // as it stands there; without a Node: left out
	volumeList value          // likewise
	volumes    []*volume
}

// fileSection is the whole file.
var fileSection = section[document]{
	description: description{
		title: "file", where: "The file as a whole",
		doc:  "The file is one mapping. Keys that begin with `x-` are ignored at this level: a home for YAML anchors.",
		free: true,
	},
	keys: []key[document]{
		{field{
			name:     "version",
			shape:    shape{forms: numberForm, what: "version: 1", min: 1, max: 1},
			required: `write "version: 1"`,
			doc:      "The version of the file's format. There is one.",
			example:  "version: 1",
		}, (*decoder).version},
		{field{
			name:    "ssh",
			shape:   shape{forms: mappingForm, what: "a mapping of private_key, port and more", section: sshSection.describe()},
			absent:  "the usual files in `~/.ssh`, port 22",
			doc:     "How the hosts are reached whose target names a user.",
			example: "ssh:\n  private_key: ~/.ssh/id_ed25519\n  port: 2222",
		}, func(d *decoder, v value, doc *document) {
			doc.ssh.pos = d.pos(v.Node)
			read(d, sshSection, v, &doc.ssh)
		}},
		{field{
			name:    "mount_point_base",
			shape:   shape{forms: textForm, what: "an absolute path", pattern: mountPointBasePattern},
			absent:  "`" + DefaultMountPointBase + "`",
			doc:     "The directory below which a volume is mounted when it is not mounted yet.",
			example: "mount_point_base: /run/glusterd-shares",
		}, func(d *decoder, v value, doc *document) { doc.mountPointBase = settingOf(d, v, d.mountPointBase(v)) }},
		{field{
			name:   "host_groups",
			shape:  shape{forms: mappingForm, what: "a mapping of names to lists", names: groupPattern, items: &groupShape},
			absent: "no groups",
			doc: "Names for sets of clients, to be used in `access`. Each is a list of addresses, networks and other groups; they nest, but not in a circle. " +
				"A name begins with a letter and goes on with letters, digits, `_` and `-`; `any` can't be one, nor stand in one. A group may be empty.",
			example: "host_groups:\n  web: [10.20.30.11, 10.20.30.12]\n  batch: [10.20.31.0/24]\n  apps: [web, batch]",
		}, func(_ *decoder, v value, doc *document) { doc.hostGroups = v }},
		{field{
			name:     "volumes",
			shape:    shape{forms: listForm, what: "a list of volumes", nonEmpty: true, items: &volumeShape},
			required: "write the volumes and their shares; a file without them declares nothing",
			once:     "in one of the files",
			doc:      "The volumes whose shares the file declares. Two with the same target, in one file or in several, are one: their shares are put together, and their other keys have to agree.",
			example:  "volumes:\n  - target: gluster1.example.com:/gv0\n    shares:\n      - name: alpha\n        access: [10.20.30.11]",
		}, func(_ *decoder, v value, doc *document) { doc.volumeList = v }},
	},
}

var sshSection = section[ssh]{
	description: description{
		title: "ssh", where: "`ssh`",
		doc:     "Every key is optional. A file that holds a secret must be readable by its owner alone (mode 0600).",
		instead: sshInstead,
	},
	keys: []key[ssh]{
		{field{
			name:    "private_key",
			shape:   pathShape,
			absent:  "the agent, then the usual files in `~/.ssh`",
			doc:     "The file of the key that logs in: an absolute path, or one that begins with `~/`. No other key is offered then. A certificate is taken from `FILE-cert.pub` beside it.",
			example: "private_key: ~/.ssh/id_ed25519",
		}, func(d *decoder, v value, s *ssh) { s.privateKey = d.keyFile(v, pathShape) }},
		{field{
			name:    "private_key_passphrase_file",
			shape:   secretPathShape,
			absent:  "asked for on a terminal where one is needed",
			doc:     "The file of the passphrase of an encrypted private key, on one line.",
			example: "private_key_passphrase_file: /etc/glusterd-shares/passphrase",
		}, func(d *decoder, v value, s *ssh) { s.passphraseFile = d.keyFile(v, secretPathShape) }},
		{field{
			name:   "password_file",
			shape:  secretPathShape,
			absent: "the one of the variable `GLUSTERD_SHARES_SSH_PASSWORD`, if it is set",
			doc: "The file of the password that logs in where no key does, on one line. The variable of the environment does the same, where there is no file. " +
				"There is no flag for it: whoever lists the processes would see it.",
			example: "password_file: /etc/glusterd-shares/password",
		}, func(d *decoder, v value, s *ssh) { s.passwordFile = d.keyFile(v, secretPathShape) }},
		{field{
			name:    "known_hosts",
			shape:   pathShape,
			absent:  "`~/.ssh/known_hosts`",
			doc:     "The file of the hosts' own keys. They are always checked.",
			example: "known_hosts: /etc/ssh/ssh_known_hosts",
		}, func(d *decoder, v value, s *ssh) { s.knownHosts = d.keyFile(v, pathShape) }},
		{field{
			name:    "host_key_fingerprint",
			shape:   fingerprintShape,
			absent:  "`known_hosts` says which keys are right",
			doc:     "The one key that the hosts have to have, in place of `known_hosts`: its fingerprint, as `ssh-keygen -lf` shows it. For a file whose targets are all on one host.",
			example: "host_key_fingerprint: SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		}, func(d *decoder, v value, s *ssh) { s.fingerprint = settingOf(d, v, d.fingerprint(v)) }},
		{field{
			name:    "port",
			shape:   portShape,
			absent:  "22",
			doc:     "The port of the hosts' SSH servers.",
			example: "port: 2222",
		}, func(d *decoder, v value, s *ssh) { s.port = settingOf(d, v, d.number(v, portShape)) }},
		{field{
			name:    "connect_timeout",
			shape:   secondsShape,
			absent:  "15",
			doc:     "How long a connection may take until it is logged in, in seconds.",
			example: "connect_timeout: 30",
		}, func(d *decoder, v value, s *ssh) { s.connectTimeout = settingOf(d, v, d.number(v, secondsShape)) }},
		{field{
			name:    "become",
			shape:   shape{forms: booleanForm, what: "true or false"},
			absent:  "false",
			doc:     "Whether what is run on the hosts is run by `sudo -n`, for a user who is not root. Sudo must not ask for a password.",
			example: "become: true",
		}, func(d *decoder, v value, s *ssh) { s.become = settingOf(d, v, strings.EqualFold(v.Value, "true")) }},
	},
}

var volumeSection = section[volume]{
	description: description{title: "volume", where: "`volumes[]`", doc: "A volume of Gluster and the shares that it should have."},
	keys: []key[volume]{
		{field{
			name:     "target",
			shape:    shape{forms: textForm, what: "host:/volume", pattern: targetPattern},
			required: `write "target: host:/volume"`,
			doc: "The volume, as `host:/volume` or `user@host:/volume`. Without a user, gluster is run on this machine; with one, on the host, by SSH. " +
				"An IPv6 address stands in brackets.",
			example: "target: gluster1.example.com:/gv0",
		}, func(d *decoder, v value, vol *volume) { vol.Target, vol.Pos = d.target(v), d.pos(v.Node) }},
		{field{
			name:    "serve",
			shape:   shape{forms: textForm, what: `"gluster-nfs"`, values: []string{defaultServer}},
			absent:  "`" + defaultServer + "`",
			doc:     "The NFS server that serves the volume.",
			example: "serve: gluster-nfs",
		}, func(d *decoder, v value, vol *volume) { vol.serve = settingOf(d, v, v.Value) }},
		{field{
			name:    "undeclared",
			shape:   shape{forms: textForm, what: `"keep" or "revoke"`, values: []string{string(state.Keep), string(state.Revoke)}},
			absent:  "`keep`",
			doc:     "What becomes of the volume's exports that no share declares: `keep` leaves them as they are, `revoke` takes them away. Directories stay in either case.",
			example: "undeclared: revoke",
		}, func(d *decoder, v value, vol *volume) { vol.undeclared = settingOf(d, v, state.Undeclared(v.Value)) }},
		{field{
			name:     "shares",
			shape:    shape{forms: listForm, what: "a list of shares", nonEmpty: true, items: &shareShape},
			required: "write the volume's shares",
			once:     "in one of the places of the volume",
			doc: "The shares of the volume, at least one. A share inside another, such as `teams/alpha` in `teams`, has to admit every client of the outer one, " +
				"at the same level or a higher: whoever mounts the outer one reaches it.",
			example: "shares: [{name: teams/alpha, access: []}]",
		}, (*decoder).shares},
	},
}

var shareSection = section[share]{
	description: description{
		title: "share", where: "`volumes[].shares[]`",
		doc:   "A directory of the volume and who may use it, or one that should not be there any more.",
		kinds: kinds{key: "state", otherwise: presentShare},
	},
	keys: []key[share]{
		{field{
			name:     "name",
			shape:    shape{forms: textForm, what: "a directory, relative to the volume's root", pattern: namePattern, most: maxMountPath},
			required: `write the share's directory, relative to the volume's root: "name: alpha"`,
			doc: "The directory, relative to the volume's root; `/` leads into another. Each part begins with a letter, a digit or `_`, goes on with those and `. _ + @ -`, " +
				"and is at most 255 bytes long; `/VOLUME/NAME` is at most 1023 bytes long, which is as much as an NFS client can ask for.",
			example: "name: teams/alpha",
		}, func(d *decoder, v value, s *share) { s.Name, s.Pos = d.shareName(v), d.pos(v.Node) }},
		{field{
			name: "size",
			only: presentShare, wrongKind: absentTakes,
			shape:  sizeShape,
			absent: "the limit is not managed: one that is set stays",
			doc: "How large the directory may grow with all that is in it, as a quota limit of Gluster: a number and `KiB`, `MiB`, `GiB`, `TiB` or `PiB`, or a number of bytes. `none` takes a limit away. " +
				"Where a volume has no quota yet it is switched on for the first limit; Gluster then reads the whole volume once to count what is there.",
			example: "size: 400GiB",
		}, func(d *decoder, v value, s *share) { s.Size, s.SizePos = d.size(v), d.pos(v.Node) }},
		{field{
			name: "owner",
			only: presentShare, wrongKind: absentTakes,
			shape:   accountShape,
			absent:  "the owner is not managed",
			doc:     "The directory's owner: a name that the volume's host knows, or a number, with or without quotes. What lies in the directory is never touched.",
			example: "owner: root",
		}, func(d *decoder, v value, s *share) { s.Owner, s.OwnerPos = d.account(v), d.pos(v.Node) }},
		{field{
			name: "group",
			only: presentShare, wrongKind: absentTakes,
			shape:   accountShape,
			absent:  "the group is not managed",
			doc:     "The directory's group, as for `owner`.",
			example: "group: 5000",
		}, func(d *decoder, v value, s *share) { s.Group, s.GroupPos = d.account(v), d.pos(v.Node) }},
		{field{
			name: "mode",
			only: presentShare, wrongKind: absentTakes,
			shape:   shape{forms: textForm, what: `the mode in octal and in quotes, such as "0755"`, pattern: `^[0-7]{3,4}$`, hint: modeHint},
			absent:  "0755 when the directory is made, and not managed after that",
			doc:     "The directory's mode: three or four octal digits, in quotes, since YAML takes them for a number of its own kind.",
			example: `mode: "2770"`,
		}, func(d *decoder, v value, s *share) { s.Mode, s.ModePos = d.mode(v), d.pos(v.Node) }},
		{field{
			name: "access",
			only: presentShare, wrongKind: absentTakes,
			shape:    shape{forms: listForm, what: "a list of clients, or [] for nobody", items: &clientShape},
			required: `write who may mount the share: "access: [10.0.0.1]", or "access: []" for nobody`,
			doc: "Who may mount the share: groups, `any`, addresses and networks. `[]` means that the directory exists and nobody mounts it; it has to be said. " +
				"`any` is everybody, and nothing else is: networks that add up to everybody are an error. Names of hosts are not accepted.",
			example: "access: [10.20.30.13, 10.20.31.0/24, {to: 10.20.40.0/28, note: nightly backup}]",
		}, (*decoder).access},
		{field{
			name:   "state",
			shape:  shape{forms: textForm, what: `"present" or "absent"`, values: []string{presentShare, absentShare}},
			absent: "`present`",
			doc: "Whether the share should be there. An absent share is exported to nobody, and `on_delete` says what becomes of its directory; it takes no other key. " +
				"Its directory must hold no share that is present, no export that no share declares, and no other quota limit. The block can be deleted when the share is gone.",
			example: "state: absent",
		}, func(d *decoder, v value, s *share) { s.Absent = v.Value == absentShare }},
		{field{
			name: "on_delete",
			only: absentShare, wrongKind: `write "state: absent" beside it, or remove it: it says what becomes of a share that goes`,
			shape:  shape{forms: textForm, what: `"trash", "retain" or "purge"`, values: []string{string(state.Trash), string(state.Retain), string(state.Purge)}},
			absent: "`trash`",
			doc: "What becomes of an absent share's directory: `trash` moves it to the trash on the same volume, with a note of what it was; `retain` leaves it where it is, and only the export goes; " +
				"`purge` deletes it for good, with all that is in it.",
			example: "on_delete: retain\nstate: absent",
		}, func(d *decoder, v value, s *share) { s.OnDelete = state.OnDelete(v.Value) }},
	},
}

var clientSection = section[client]{
	description: description{title: "client", where: "`volumes[].shares[].access[]`", doc: "An item of `access` is a word, or a mapping that says more of it."},
	keys: []key[client]{
		{field{
			name:     "to",
			shape:    wordShape,
			required: `write a group, any, an address or a network: "to: 10.0.0.1"`,
			doc:      "A group, `any`, an address or a network.",
			example:  "to: 10.20.40.0/28",
		}, func(d *decoder, v value, c *client) { c.Word = v.Value; c.To, c.sound = d.word(v) }},
		{field{
			name:    "level",
			shape:   shape{forms: textForm, what: `"rw" or "ro"`, values: []string{string(state.ReadWrite), string(state.ReadOnly)}},
			absent:  "`rw`",
			doc:     "What the client may do: `rw` reads and writes, `ro` only reads. Of several levels for one address the highest counts. A server that can't keep a level refuses it when the plan is made.",
			example: "level: rw",
		}, func(_ *decoder, v value, c *client) { c.Level = state.Level(v.Value) }},
		{field{
			name:    "note",
			shape:   shape{forms: textForm, what: "a line of text", most: maxNote},
			absent:  "no note",
			doc:     "A remark of one line, at most 200 characters.",
			example: "note: nightly backup",
		}, func(d *decoder, v value, c *client) { c.Note = d.note(v) }},
	},
}
