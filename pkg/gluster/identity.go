package gluster

import "context"

// ID tells which volume the endpoint is, and looks no further at it. It is
// empty where there is no such volume, or where the target's host is not the
// one that is asked.
func (e *Endpoint) ID(ctx context.Context) (string, error) {
	here, err := e.host.Local(ctx, e.volume.Target.Host)
	if err != nil || !here {
		return "", err
	}
	volumes, err := e.client.Volumes(ctx)
	if err != nil {
		return "", err
	}
	for _, v := range volumes {
		if v.Name == e.volume.Target.Volume {
			return v.ID, nil
		}
	}
	return "", nil
}
