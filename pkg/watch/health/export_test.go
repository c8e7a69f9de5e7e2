package health

import "github.com/prometheus/client_golang/prometheus"

// HashOf is what a policy calls a style by.
var HashOf = hashOf

// MaxConnections are answered at once.
const MaxConnections = maxConnections

// Registry is where all metrics are.
func (m *Metrics) Registry() prometheus.Gatherer { return m.registry }
