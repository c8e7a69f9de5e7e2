// Package planschema holds documents to the published schema of plans, more
// strictly than the schema itself: what it lets later versions add is a fault
// today, since it isn't documented.
package planschema

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"glusterd-shares/pkg/diff/render"
)

// Check returns what in a document of plan is not as the schema says.
func Check(document []byte) error {
	schema, err := strict()
	if err != nil {
		return fmt.Errorf("the schema of plans: %w", err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// strict is the schema, read once.
var strict = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const name = "plan.schema.json"
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(render.PlanSchema()))
	if err != nil {
		return nil, err
	}
	shut(schema)
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, schema); err != nil {
		return nil, err
	}
	return c.Compile(name)
})

// shut closes the schema of a value, and those of all values in it, to what they
// don't name: properties, and words that are given as examples.
func shut(schema any) {
	s, is := schema.(map[string]any)
	if !is {
		return
	}
	s["unevaluatedProperties"] = false
	if words, open := s["examples"]; open {
		s["enum"] = words
	}
	shutValues(s)
	for _, named := range members(s["$defs"]) {
		shutValues(named)
	}
}

// shutValues shuts those in a schema, and leaves it open itself: others build upon it.
func shutValues(schema any) {
	s, is := schema.(map[string]any)
	if !is {
		return
	}
	for _, p := range members(s["properties"]) {
		shut(p)
	}
	if items, has := s["items"]; has {
		shut(items)
	}
}

func members(object any) map[string]any {
	m, _ := object.(map[string]any)
	return m
}
