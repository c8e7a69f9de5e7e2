// Package strictjson reads JSON on whose grounds something is done. What
// encoding/json lets pass is a mistake here, with its place in the file: a field
// that is missing (silence is not emptiness), one that stands there twice, one that
// nobody knows, a null, a number that doesn't fit, text that is not UTF-8, and
// anything behind the document.
//
//	text -> Parse -> Document -> Version, Into
//
// Fields have the names of their json tags, spelt exactly so. Only one whose tag
// says omitempty or omitzero may be missing, and only a pointer may be null.
package strictjson
