package main

import (
	"os"
	"os/user"

	"glusterd-shares/pkg/gluster/remote"
	"glusterd-shares/pkg/state"
)

// takePassword takes the password out of the environment: what is started here
// shall not find it there.
func (a *app) takePassword() error {
	a.password = remote.NewSecret(os.Getenv(remote.PasswordVariable))
	return os.Unsetenv(remote.PasswordVariable)
}

// remoteHosts are the hosts that are reached by SSH as the state files say.
func (a *app) remoteHosts(s state.SSH) *remote.Hosts {
	return remote.New(remote.Settings{
		SSH:         s,
		Home:        home(),
		AgentSocket: os.Getenv("SSH_AUTH_SOCK"),
		Password:    a.password,
		Ask:         remote.Terminal(),
		Log:         a.log,
	})
}

// home is the directory of whoever runs this. A service has no HOME. Where nobody
// knows it ~ leads nowhere, which the error of the file then says.
func home() string {
	if dir, err := os.UserHomeDir(); err == nil {
		return dir
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return "/nonexistent"
}
