// SPDX-License-Identifier: EUPL-1.2

// Package contracttest holds the answers of a program against the OpenAPI document that describes them.
package contracttest

import (
	"bytes"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Contract is a checked-in OpenAPI 3.1 document.
type Contract struct {
	raw     any
	schemas *jsonschema.Compiler
}

// object is a JSON object of the document.
type object = map[string]any

// Read reads the document.
func Read(t testing.TB, file string) Contract {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	raw, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("urn:contract", raw); err != nil {
		t.Fatal(err)
	}
	return Contract{raw, c}
}

// At follows the path and every reference on it, and gives where that is as a JSON pointer.
func (c Contract) At(t testing.TB, names ...string) (found any, pointer string) {
	t.Helper()
	found, pointer = c.raw, "#"
	for _, name := range names {
		o, _ := found.(object)
		next, ok := o[name]
		if !ok {
			t.Fatalf("the contract has no %q in %s", name, pointer)
		}
		found, pointer = next, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		if o, _ := found.(object); o["$ref"] != nil && name != "schema" {
			pointer = o["$ref"].(string)
			parts := strings.Split(strings.TrimPrefix(pointer, "#/"), "/")
			found, _ = c.At(t, parts...)
		}
	}
	return found, pointer
}

// Keys are the names below a place of the contract; none where it is missing.
func (c Contract) Keys(t testing.TB, names ...string) []string {
	t.Helper()
	above, _ := c.At(t, names[:len(names)-1]...)
	if above.(object)[names[len(names)-1]] == nil {
		return nil
	}
	found, _ := c.At(t, names...)
	return slices.Sorted(maps.Keys(found.(object)))
}

// Refuses reports what of the value breaks the schema; nil: nothing does.
func (c Contract) Refuses(t testing.TB, value any, schema ...string) error {
	t.Helper()
	_, pointer := c.At(t, schema...)
	compiled, err := c.schemas.Compile("urn:contract" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

// Fits fails the test for what of the value breaks the schema.
func (c Contract) Fits(t testing.TB, what string, value any, schema ...string) {
	t.Helper()
	if err := c.Refuses(t, value, schema...); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// Operations gives path and method by operationId.
func (c Contract) Operations(t testing.TB) map[string][2]string {
	t.Helper()
	all := map[string][2]string{}
	for _, path := range c.Keys(t, "paths") {
		for _, method := range c.Keys(t, "paths", path) {
			id, _ := c.At(t, "paths", path, method, "operationId")
			if _, twice := all[id.(string)]; twice {
				t.Errorf("two operations are called %s", id)
			}
			all[id.(string)] = [2]string{path, method}
		}
	}
	return all
}

// Walked fails the test for every status of every operation that is in the
// document and not among those that happened, each as "operation 200".
func (c Contract) Walked(t testing.TB, happened map[string]bool) {
	t.Helper()
	for id, op := range c.Operations(t) {
		for _, status := range c.Keys(t, "paths", op[0], op[1], "responses") {
			if !happened[id+" "+status] {
				t.Errorf("%s %s is in the document and never happened", id, status)
			}
		}
	}
}

// Compare holds an answer against its description at that place of the document.
func (c Contract) Compare(t testing.TB, name string, status int, header http.Header, body []byte, where ...string) {
	t.Helper()
	place := func(more ...string) []string { return append(slices.Clone(where), more...) }
	for _, h := range c.Keys(t, place("headers")...) {
		c.Fits(t, name+", header "+h, header.Get(h), place("headers", h, "schema")...)
	}
	kinds := c.Keys(t, place("content")...)
	if len(kinds) == 0 {
		if len(body) != 0 {
			t.Errorf("%s: %d bytes, want none", name, len(body))
		}
		return
	}
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || !slices.Contains(kinds, kind) {
		t.Errorf("%s: content is %q, want one of %q", name, kind, kinds)
		return
	}
	var value any = string(body)
	if strings.HasSuffix(kind, "json") {
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(body) == 0 {
		t.Errorf("%s: no content", name)
	}
	c.Fits(t, name, value, place("content", kind, "schema")...)
	if problem, ok := value.(object); ok && kind == "application/problem+json" && fmt.Sprint(problem["status"]) != fmt.Sprint(status) {
		t.Errorf("%s: the problem says %v", name, problem["status"])
	}
}
