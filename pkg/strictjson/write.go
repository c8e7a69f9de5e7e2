package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
)

// Marshal writes a document that Into reads back as it is: indented, and with an
// empty list where a null would leave open whether there is nothing. An empty
// list and none read back as none.
func Marshal(document any) ([]byte, error) {
	v := reflect.New(reflect.TypeOf(document)).Elem()
	v.Set(whole(reflect.ValueOf(document)))
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v.Interface())
	return b.Bytes(), err
}

// whole is a copy of the value with no list and no map in it that is nil.
func whole(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	if _, isText := v.Interface().(encoding.TextMarshaler); isText {
		return out
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(whole(v.Field(i)))
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(whole(v.Index(i)))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for k, item := range v.Seq2() {
			out.SetMapIndex(k, whole(item))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(whole(v.Elem()))
		}
	}
	return out
}
