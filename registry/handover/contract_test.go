// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

const contractFile = "../../docs/openapi-handover.json"

// contract is the checked-in description of the interface.
type contract struct {
	raw     any
	schemas *jsonschema.Compiler
}

// object is a JSON object of the description.
type object = map[string]any

func readContract(t *testing.T) contract {
	t.Helper()
	f, err := os.Open(contractFile)
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
	return contract{raw, c}
}

// at follows the path and every reference on it, and gives where that is as a JSON pointer.
func (c contract) at(t *testing.T, names ...string) (found any, pointer string) {
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
			found, _ = c.at(t, parts...)
		}
	}
	return found, pointer
}

// keys are the names below a place of the contract; none where it is missing.
func (c contract) keys(t *testing.T, names ...string) []string {
	t.Helper()
	above, _ := c.at(t, names[:len(names)-1]...)
	if above.(object)[names[len(names)-1]] == nil {
		return nil
	}
	found, _ := c.at(t, names...)
	return slices.Sorted(maps.Keys(found.(object)))
}

// fits reports what of the value breaks the schema.
func (c contract) fits(t *testing.T, what string, value any, schema ...string) {
	t.Helper()
	_, pointer := c.at(t, schema...)
	compiled, err := c.schemas.Compile("urn:contract" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// operations gives path and method by operationId.
func (c contract) operations(t *testing.T) map[string][2]string {
	t.Helper()
	all := map[string][2]string{}
	for _, path := range c.keys(t, "paths") {
		for _, method := range c.keys(t, "paths", path) {
			id, _ := c.at(t, "paths", path, method, "operationId")
			if _, twice := all[id.(string)]; twice {
				t.Errorf("two operations are called %s", id)
			}
			all[id.(string)] = [2]string{path, method}
		}
	}
	return all
}

// TestContractHasTheRoutes: no route without a line in the document and no line without its route.
func TestContractHasTheRoutes(t *testing.T) {
	c := readContract(t)
	var want, got []string
	for _, op := range c.operations(t) {
		want = append(want, strings.ToUpper(op[1])+" "+op[0])
	}
	for _, r := range (&API{}).routes() {
		got = append(got, r.method+" "+r.path)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-document +handlers):\n%s", diff)
	}
	if version, _ := c.at(t, "openapi"); !strings.HasPrefix(version.(string), "3.1.") {
		t.Errorf("the document is OpenAPI %v", version)
	}
}

// TestContractExamples: what the document shows is what it says.
func TestContractExamples(t *testing.T) {
	c := readContract(t)
	where := []string{"paths", "/v1/handovers", "get", "responses", "200", "content", "application/json"}
	example, _ := c.at(t, append(where, "example")...)
	c.fits(t, "example", example, append(where, "schema")...)
	for _, broken := range []string{`{}`, `{"handovers":[{}],"next":"1","more":false}`, `{"handovers":[],"next":1,"more":false}`} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(broken))
		if err != nil {
			t.Fatal(err)
		}
		_, pointer := c.at(t, append(where, "schema")...)
		if c.schemas.MustCompile("urn:contract"+pointer).Validate(value) == nil {
			t.Errorf("the schema lets %s pass", broken)
		}
	}
}

// ask is one request of the walk: an operation, the answer that is expected, and how to get it.
type ask struct {
	operation string
	status    int
	client    *http.Client
	id        uuid.UUID
	query     string
	header    map[string]string
	before    func() (after func())
}

// TestContractWalk asks the real handlers, over TLS with real certificates, for
// every status of every operation of the document, and compares each answer with it.
func TestContractWalk(t *testing.T) {
	c, s := readContract(t), newSide(t)
	walked, ops := map[string]bool{}, c.operations(t)
	for _, q := range s.questions(t) {
		op, ok := ops[q.operation]
		if !ok {
			t.Fatalf("the contract has no operation %s", q.operation)
		}
		name := fmt.Sprintf("%s %d", q.operation, q.status)
		walked[name] = true
		var after func()
		if q.before != nil {
			after = q.before()
		}
		path := strings.ReplaceAll(op[0], "{id}", q.id.String()) + q.query
		a := s.send(t, q.client, strings.ToUpper(op[1]), path, q.header)
		if after != nil {
			after()
		}
		if a.StatusCode != q.status {
			t.Errorf("%s: answered %d", name, a.StatusCode)
			continue
		}
		c.compare(t, name, a, "paths", op[0], op[1], "responses", fmt.Sprint(q.status))
	}
	for id, op := range ops {
		for _, status := range c.keys(t, "paths", op[0], op[1], "responses") {
			if !walked[id+" "+status] {
				t.Errorf("%s %s is in the document and never happened", id, status)
			}
		}
	}
}

// compare holds an answer against its description.
func (c contract) compare(t *testing.T, name string, a reply, where ...string) {
	t.Helper()
	place := func(more ...string) []string { return append(slices.Clone(where), more...) }
	for _, header := range c.keys(t, place("headers")...) {
		c.fits(t, name+", header "+header, a.Header.Get(header), place("headers", header, "schema")...)
	}
	kinds := c.keys(t, place("content")...)
	if len(kinds) == 0 {
		if len(a.body) != 0 {
			t.Errorf("%s: %d bytes, want none", name, len(a.body))
		}
		return
	}
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(kinds, kind) {
		t.Errorf("%s: content is %q, want one of %q", name, kind, kinds)
		return
	}
	var value any = string(a.body)
	if strings.HasSuffix(kind, "json") {
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(a.body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(a.body) == 0 {
		t.Errorf("%s: no content", name)
	}
	c.fits(t, name, value, place("content", kind, "schema")...)
	if problem, ok := value.(object); ok && kind == "application/problem+json" && fmt.Sprint(problem["status"]) != fmt.Sprint(a.StatusCode) {
		t.Errorf("%s: the problem says %v", name, problem["status"])
	}
}

// questions cause every answer that the document knows.
func (s *side) questions(t *testing.T) []ask {
	t.Helper()
	waits, photo := s.takes(t, envelope.ModeLobby)
	other, _ := s.takes(t, envelope.ModeLobby)
	mine, _ := s.takes(t, envelope.ModeLobby)
	if err := s.Retrieved(t.Context(), "folder", other); err != nil {
		t.Fatal(err)
	}
	tag := map[string]string{"If-Match": tagOf(photo)}
	list := []ask{
		{operation: "listHandovers", status: 200},
		{operation: "listHandovers", status: 400, query: "?since=yesterday"},
		{operation: "confirmRetrieval", status: 204, id: mine, header: tag},
		{operation: "confirmRetrieval", status: 412, id: waits, header: map[string]string{"If-Match": tagOf([]byte("half"))}},
		{operation: "confirmRetrieval", status: 428, id: waits},
	}
	for _, operation := range []string{"fetchPhoto", "fetchRecord"} {
		known := s.send(t, s.vendor, "GET", "/v1/handovers/"+waits.String()+"/"+strings.ToLower(operation[len("fetch"):]), nil).Header.Get("ETag")
		list = append(list,
			ask{operation: operation, status: 200, id: waits},
			ask{operation: operation, status: 304, id: waits, header: map[string]string{"If-None-Match": known}})
	}
	for _, operation := range []string{"fetchPhoto", "fetchRecord", "confirmRetrieval"} {
		list = append(list,
			ask{operation: operation, status: 404, id: uuid.New(), header: tag},
			ask{operation: operation, status: 410, id: other, header: tag},
			ask{operation: operation, status: 503, id: waits, header: tag, before: s.full})
	}
	for _, operation := range []string{"listHandovers", "fetchPhoto", "fetchRecord", "confirmRetrieval"} {
		list = append(list,
			ask{operation: operation, status: 401, client: s.nobody, id: waits, header: tag},
			ask{operation: operation, status: 403, client: s.station, id: waits, header: tag})
	}
	for i := range list {
		if list[i].client == nil {
			list[i].client = s.vendor
		}
	}
	closed := func() func() { s.store.Close(); return nil } // once: the rest of the walk finds it closed
	for _, operation := range []string{"listHandovers", "fetchPhoto", "fetchRecord", "confirmRetrieval"} {
		list = append(list, ask{operation: operation, status: 500, client: s.vendor, id: waits, header: tag, before: closed})
	}
	return list
}

// reply is an answer with all of its content.
type reply struct {
	*http.Response
	body []byte
}

func (s *side) send(t *testing.T, c *http.Client, method, path string, header map[string]string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	a, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{a, body}
}

// listed asks for the list and gives the captures in it.
func (s *side) listed(t *testing.T, query string) (l listing, ids []uuid.UUID) {
	t.Helper()
	a := s.send(t, s.vendor, "GET", "/v1/handovers"+query, nil)
	if err := json.Unmarshal(a.body, &l); err != nil || a.StatusCode != 200 {
		t.Fatalf("list answers %d %s, %v", a.StatusCode, a.body, err)
	}
	for _, one := range l.Handovers {
		ids = append(ids, one.Capture)
	}
	return l, ids
}
