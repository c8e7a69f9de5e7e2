package statefile

import (
	"bytes"
	"encoding/json"
	"slices"
)

// node is a piece of a JSON Schema, draft 7, as far as the table needs it.
type node struct {
	Schema      string           `json:"$schema,omitempty"`
	Title       string           `json:"title,omitempty"`
	Description string           `json:"description,omitempty"`
	Ref         string           `json:"$ref,omitempty"`
	AnyOf       []*node          `json:"anyOf,omitempty"`
	Type        string           `json:"type,omitempty"`
	Enum        []string         `json:"enum,omitempty"`
	Pattern     string           `json:"pattern,omitempty"`
	MaxLength   int              `json:"maxLength,omitempty"`
	Minimum     *int             `json:"minimum,omitempty"`
	Maximum     *int             `json:"maximum,omitempty"`
	Items       *node            `json:"items,omitempty"`
	MinItems    int              `json:"minItems,omitempty"`
	Properties  map[string]*node `json:"properties,omitempty"`
	Patterns    map[string]*node `json:"patternProperties,omitempty"`
	Names       *node            `json:"propertyNames,omitempty"`
	Others      any              `json:"additionalProperties,omitempty"`
	Required    []string         `json:"required,omitempty"`
	If          *node            `json:"if,omitempty"`
	Then        *node            `json:"then,omitempty"`
	Else        *node            `json:"else,omitempty"`
	Definitions map[string]*node `json:"definitions,omitempty"`
}

// Schema returns the JSON Schema, draft 7, of a state file. It tells an editor
// what Parse accepts, apart from what only all files can tell: groups and keys
// that none of them has, shares that open each other and the like.
func Schema() []byte {
	w := schemaWriter{definitions: map[string]*node{}}
	root := w.mapping(fileSection.describe())
	root.Schema = "http://json-schema.org/draft-07/schema#"
	root.Title = "state file of glusterd-shares"
	root.Definitions = w.definitions
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		panic(err) // a node holds nothing that JSON can't
	}
	return out.Bytes()
}

// schemaWriter makes schemas of shapes; each section becomes a definition.
type schemaWriter struct{ definitions map[string]*node }

// shape gives the schema of a shape: of several forms, any of theirs.
func (w schemaWriter) shape(s *shape) *node {
	var forms []*node
	if s.forms&textForm != 0 {
		forms = append(forms, &node{Type: "string", Enum: s.values, Pattern: s.pattern, MaxLength: s.most})
	}
	if s.forms&numberForm != 0 {
		forms = append(forms, &node{Type: "integer", Minimum: &s.min, Maximum: &s.max})
	}
	if s.forms&booleanForm != 0 {
		forms = append(forms, &node{Type: "boolean"})
	}
	if s.forms&listForm != 0 {
		list := &node{Type: "array", Items: w.shape(s.items)}
		if s.nonEmpty {
			list.MinItems = 1
		}
		forms = append(forms, list)
	}
	if s.forms&mappingForm != 0 {
		forms = append(forms, w.mappingShape(s))
	}
	if len(forms) == 1 {
		return forms[0]
	}
	return &node{AnyOf: forms}
}

func (w schemaWriter) mappingShape(s *shape) *node {
	if s.section == nil {
		return &node{Type: "object", Names: &node{Pattern: s.names}, Others: w.shape(s.items)}
	}
	title := s.section.title
	if w.definitions[title] == nil {
		w.definitions[title] = w.mapping(s.section)
	}
	return &node{Ref: "#/definitions/" + title}
}

func (w schemaWriter) mapping(s *description) *node {
	out := &node{Type: "object", Description: s.doc, Properties: map[string]*node{}, Others: false}
	if s.free {
		out.Patterns = map[string]*node{"^x-": {}}
	}
	for _, f := range s.fields {
		out.Properties[f.name] = w.field(f)
		if f.required != "" && f.once == "" && f.only == "" {
			out.Required = append(out.Required, f.name)
		}
	}
	if s.kinds.key != "" {
		w.tellApart(s, out)
	}
	return out
}

// tellApart gives each of a section's two kinds its own keys.
func (w schemaWriter) tellApart(s *description, out *node) {
	i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == s.kinds.key })
	for _, kind := range s.fields[i].shape.values {
		if kind == s.kinds.otherwise {
			out.Else = keysOfKind(s, kind)
			continue
		}
		out.If = &node{Properties: map[string]*node{s.kinds.key: {Enum: []string{kind}}}, Required: []string{s.kinds.key}}
		out.Then = keysOfKind(s, kind)
	}
}

func keysOfKind(s *description, kind string) *node {
	out := &node{Names: &node{}}
	for _, f := range s.fields {
		if f.only != "" && f.only != kind {
			continue
		}
		out.Names.Enum = append(out.Names.Enum, f.name)
		if f.required != "" && f.only == kind {
			out.Required = append(out.Required, f.name)
		}
	}
	return out
}

// field gives the schema of a key's value. What stands beside a $ref is
// ignored in draft 7, so a reference is wrapped to carry its description.
func (w schemaWriter) field(f field) *node {
	out := w.shape(&f.shape)
	if out.Ref != "" {
		out = &node{AnyOf: []*node{out}}
	}
	out.Description = f.doc
	if f.absent != "" {
		out.Description += " Left out: " + f.absent + "."
	}
	if f.once != "" {
		out.Description += " Required " + f.once + "."
	}
	return out
}
