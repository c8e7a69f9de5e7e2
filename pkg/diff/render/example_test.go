package render_test

import (
	"fmt"
	"os"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
)

func ExampleText() {
	err := render.Text(os.Stdout, []diff.Plan{halves()}, nil, render.Options{})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// gluster1.example.com:/gv0                                   state.yaml:10
	//
	//   ~ beta                                                    state.yaml:14
	//       access    lose 10.0.0.128/25
	//   . 1 share unchanged
	//
	//   options, in one write                                     state.yaml:10
	//     ~ nfs.export-dir
	//         old  /alpha(10.0.0.0/24),/beta(10.0.0.0/24)
	//         new  /alpha(10.0.0.0/24),/beta(10.0.0.0/25)
	//
	//   notes
	//     . Gluster-NFS checks access only when a client mounts: a client that loses a share and has it
	//       mounted keeps using it until it unmounts
	//
	// Plan: 1 to change, 1 unchanged.
}

func ExampleMarkdown() {
	comment := render.Comment{Key: "production", Plans: []diff.Plan{halves()}, MaxBytes: 60_000}
	fmt.Println(string(render.Markdown(comment)))
	// Output:
	// <!-- glusterd-shares:plan production -->
	//
	// **Plan: 1 to change, 1 unchanged.**
	//
	// - **Access**: lost at 1 directory
	// - **Data**: none goes
	// - **What `apply` would do**: all of this (exit code of `plan`: 0)
	// - Note: Gluster-NFS checks access only when a client mounts: a client that loses a share and has it mounted keeps using it until it unmounts
	//
	// #### `gluster1.example.com:/gv0` (`state.yaml:10`)
	//
	// - **`beta`** (`state.yaml:14`)
	//   - **lose** 128 addresses: `10.0.0.128/25`
	//
	// <details>
	// <summary>1 option</summary>
	//
	// **Options, in the order of the writes**
	//
	// - `nfs.export-dir`
	//   - old `/alpha(10.0.0.0/24),/beta(10.0.0.0/24)`
	//   - new `/alpha(10.0.0.0/24),/beta(10.0.0.0/25)`
	//
	// </details>
}

func ExampleDocument() {
	d := render.Document(halves(), nil)
	for _, a := range d.Access {
		fmt.Println(a.Path, a.Changed, a.Lost.RW)
	}
	// Output:
	// /alpha false []
	// /beta true [10.0.0.128/25]
}
