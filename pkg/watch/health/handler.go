package health

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Handler answers what is asked of the daemon. Everything else than to read is
// refused.
func Handler(b *Board, m *Metrics, about About) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		stuck := b.Snapshot().Stuck
		answer(w, stuck == "", "live", stuck)
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		s := b.Snapshot()
		answer(w, s.Ready, "ready", s.missing())
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		_ = e.Encode(DocumentOf(b.Snapshot(), about)) // the reader may be gone
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		var page bytes.Buffer
		if err := writePage(&page, b.Snapshot(), about); err != nil {
			http.Error(w, "the page can't be made: "+err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = page.WriteTo(w)
	})
	return guarded(mux)
}

// guarded says with each answer that it is of this moment, is what it says it is,
// and loads and runs nothing.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isStrange(r) {
			http.Error(w, "ask by an address, or by localhost", http.StatusMisdirectedRequest)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Content-Security-Policy", policy)
		h.ServeHTTP(w, r)
	})
}

// isStrange reports whether this machine is asked by itself under another name: a web
// page can bring a browser to that, and read the answer as its own.
func isStrange(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if at, ok := local.(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return host != "localhost" && net.ParseIP(strings.Trim(host, "[]")) == nil
}

// answer says yes, or no and why.
func answer(w http.ResponseWriter, yes bool, word, why string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !yes {
		w.WriteHeader(http.StatusServiceUnavailable)
		word = "not " + word + ": " + why
	}
	fmt.Fprintln(w, word)
}

// missing is what there is to wait for until the daemon is ready.
func (s Snapshot) missing() string {
	if s.Content.Taken.IsZero() {
		return "no valid content of the state files was read yet"
	}
	var waiting []string
	for _, v := range s.Volumes {
		if !v.Reached {
			waiting = append(waiting, v.Target+" ("+Word(v.Kind)+")")
		}
	}
	return "no look has told yet how these volumes are: " + strings.Join(waiting, ", ")
}
