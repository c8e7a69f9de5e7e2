package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/watch/health"
)

// manifest is what the test looks at of the documents for Kubernetes.
type manifest struct {
	Kind string
	Data map[string]string
	Spec struct {
		Replicas int
		Strategy struct{ Type string }
		Template struct {
			Spec struct {
				HostNetwork                   bool  `yaml:"hostNetwork"`
				TerminationGracePeriodSeconds int   `yaml:"terminationGracePeriodSeconds"`
				EnableServiceLinks            *bool `yaml:"enableServiceLinks"`
				Containers                    []container
				Volumes                       []struct {
					Name      string
					ConfigMap struct{ Name string } `yaml:"configMap"`
				}
			}
		}
	}
}

type container struct {
	Args  []string
	Ports []struct {
		ContainerPort int `yaml:"containerPort"`
	}
	LivenessProbe  probe         `yaml:"livenessProbe"`
	ReadinessProbe probe         `yaml:"readinessProbe"`
	VolumeMounts   []volumeMount `yaml:"volumeMounts"`
}

type probe struct {
	HTTPGet struct{ Host, Port, Path string } `yaml:"httpGet"`
}

type volumeMount struct {
	Name      string
	MountPath string `yaml:"mountPath"`
	SubPath   string `yaml:"subPath"`
}

// kubernetes is the ConfigMap's data and the Deployment of the example.
func kubernetes(t *testing.T) (state map[string]string, deployment manifest) {
	t.Helper()
	text, err := os.ReadFile("../../examples/kubernetes/glusterd-shares.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var m manifest
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch m.Kind {
		case "ConfigMap":
			state = m.Data
		case "Deployment":
			deployment = m
		}
	}
	if len(state) == 0 || len(deployment.Spec.Template.Spec.Containers) != 1 {
		t.Fatal("there are no ConfigMap and Deployment of one container in it")
	}
	return state, deployment
}

// TestKubernetesState: what the example desires is valid, and is found where the daemon
// looks for it, in a directory that follows the ConfigMap.
func TestKubernetesState(t *testing.T) {
	state, d := kubernetes(t)
	dir := t.TempDir()
	for name, text := range state {
		write(t, filepath.Join(dir, name), text)
	}
	var errs bytes.Buffer
	if code := run(context.Background(), []string{"validate", "-f", dir}, stdio{strings.NewReader(""), io.Discard, &errs}); code != exitDone {
		t.Errorf("the state is not valid: %s", errs.String())
	}
	pod := d.Spec.Template.Spec
	c := pod.Containers[0]
	if err := parses(c.Args); err != nil {
		t.Errorf("%q: %v", c.Args, err)
	}
	at := c.Args[slices.Index(c.Args, "-f")+1]
	i := slices.IndexFunc(c.VolumeMounts, func(m volumeMount) bool { return m.MountPath == at })
	if i < 0 || c.VolumeMounts[i].SubPath != "" {
		t.Fatalf("%s is not a directory that is mounted as a whole: %+v", at, c.VolumeMounts)
	}
	for _, v := range pod.Volumes {
		if v.Name == c.VolumeMounts[i].Name && v.ConfigMap.Name != "glusterd-shares" {
			t.Errorf("%s is not the ConfigMap: %+v", at, v)
		}
	}
}

// TestKubernetesProbes: what is asked is answered, where the daemon listens.
func TestKubernetesProbes(t *testing.T) {
	_, d := kubernetes(t)
	pod := d.Spec.Template.Spec
	c := pod.Containers[0]
	host, port, err := net.SplitHostPort(listenAddress)
	if err != nil || slices.Contains(c.Args, "--listen") {
		t.Fatalf("where does it listen? %v", err)
	}
	if !pod.HostNetwork || len(c.Ports) != 1 || strconv.Itoa(c.Ports[0].ContainerPort) != port {
		t.Errorf("it listens at %s of the pod; the port is %+v", listenAddress, c.Ports)
	}
	board := health.NewBoard(time.Hour)
	h := health.Handler(board, health.NewMetrics(board, health.About{}), health.About{})
	answers := map[string]int{"/livez": http.StatusOK, "/readyz": http.StatusServiceUnavailable} // at the start
	for _, p := range []probe{c.LivenessProbe, c.ReadinessProbe} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, p.HTTPGet.Path, nil))
		if p.HTTPGet.Host != host || w.Code != answers[p.HTTPGet.Path] {
			t.Errorf("%+v is answered %d, at %s", p, w.Code, host)
		}
	}
	if c.LivenessProbe.HTTPGet.Path == c.ReadinessProbe.HTTPGet.Path {
		t.Error("both ask the same")
	}
}

// TestKubernetesEnd: one daemon at a time, which is given the time that its end takes.
func TestKubernetesEnd(t *testing.T) {
	_, d := kubernetes(t)
	if d.Spec.Replicas != 1 || d.Spec.Strategy.Type != "Recreate" {
		t.Errorf("%d replicas, %s", d.Spec.Replicas, d.Spec.Strategy.Type)
	}
	if grace := time.Duration(d.Spec.Template.Spec.TerminationGracePeriodSeconds) * time.Second; grace < endGrace+2*time.Second {
		t.Errorf("the grace is %v, and the end may take %v and some more", grace, endGrace)
	}
}

// TestKubernetesEnvironment: a Service that is called like the program would have
// variables put there that are no flags of it, and it would not start.
func TestKubernetesEnvironment(t *testing.T) {
	_, d := kubernetes(t)
	if links := d.Spec.Template.Spec.EnableServiceLinks; links == nil || *links {
		t.Error("the variables of Services are not switched off")
	}
}
