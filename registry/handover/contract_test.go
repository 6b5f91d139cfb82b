// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fotobox-project/fotobox/internal/contracttest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

const contractFile = "../../docs/openapi-handover.json"

// TestContractHasTheRoutes: no route without a line in the document and no line without its route.
func TestContractHasTheRoutes(t *testing.T) {
	c := contracttest.Read(t, contractFile)
	var want, got []string
	for _, op := range c.Operations(t) {
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
	if version, _ := c.At(t, "openapi"); !strings.HasPrefix(version.(string), "3.1.") {
		t.Errorf("the document is OpenAPI %v", version)
	}
}

// TestContractExamples: what the document shows is what it says.
func TestContractExamples(t *testing.T) {
	c := contracttest.Read(t, contractFile)
	where := []string{"paths", "/v1/handovers", "get", "responses", "200", "content", "application/json"}
	example, _ := c.At(t, append(where, "example")...)
	c.Fits(t, "example", example, append(where, "schema")...)
	for _, broken := range []string{`{}`, `{"handovers":[{}],"next":"1","more":false}`, `{"handovers":[],"next":1,"more":false}`} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(broken))
		if err != nil {
			t.Fatal(err)
		}
		if c.Refuses(t, value, append(where, "schema")...) == nil {
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
	c, s := contracttest.Read(t, contractFile), newSide(t)
	walked, ops := map[string]bool{}, c.Operations(t)
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
		c.Compare(t, name, a.StatusCode, a.Header, a.body, "paths", op[0], op[1], "responses", fmt.Sprint(q.status))
	}
	c.Walked(t, walked)
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
