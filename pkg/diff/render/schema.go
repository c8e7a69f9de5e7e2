package render

import _ "embed"

//go:embed plan.schema.json
var planSchema []byte

// PlanSchema returns the JSON Schema, draft 2020-12, of what the command plan
// prints as JSON. It lets through what later versions add.
func PlanSchema() []byte { return planSchema }
