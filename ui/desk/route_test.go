// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/clerks"
)

// TestWhoMayUseWhat is the whole table as somebody would draw it who does not
// know the code: c clerk, s supervisor, t technician, o officer, * anybody.
func TestWhoMayUseWhat(t *testing.T) {
	want := map[string]string{
		"GET /kern/": "*", "GET /static/": "*", "GET /sign-in": "*", "POST /sign-in": "*", "GET /sign-in/openid": "*", "POST /sign-in/passkey": "*", "POST /sign-in/passkey/challenge": "*", "GET /sign-in/openid/back": "*", "POST /sign-out": "*", "POST /language": "*", "/": "*",
		"GET /{$}": "cs", "GET /next": "cs", "GET /events": "cs", "POST /find": "cs", "GET /appointments/{id}": "cs",
		"GET /captures/{id}": "cs", "GET /captures/{id}/history": "cso", "GET /captures/{id}/large/{n}": "cs", "GET /captures/{id}/photos/{n}": "cs", "GET /captures/{id}/photo.jpg": "cs", "GET /captures/{id}/record.xml": "cs",
		"POST /captures/{id}/take-over": "cs", "POST /captures/{id}/refuse": "cs", "POST /captures/{id}/reopen": "cs",
		"GET /figures": "st", "GET /figures.json": "st", "GET /stations": "st", "GET /stations/{id}": "st", "POST /stations/{id}/operation": "s", "GET /audit": "o",
		"GET /affected": "cs", "GET /appointments/{id}/move": "cs", "POST /appointments/{id}/move": "cs", "POST /appointments/{id}/cancel": "cs",
		"GET /town": "s", "GET /town/week": "s", "GET /town/offices/{id}": "s", "GET /town/offices/{id}/form": "s", "POST /town/offices/{id}/form": "s", "GET /town/rules/{id}": "s", "POST /town/rules/{id}": "s",
		"GET /town/services": "s", "GET /town/services/{id}": "s", "POST /town/services/{id}": "s", "GET /town/closures": "s", "GET /town/closures/{id}": "s", "POST /town/closures/{id}": "s",
		"GET /waiting": "cs", "GET /waiting/events": "cs", "GET /waiting/figures": "st", "POST /stations/{id}/place": "s", "POST /waiting/counter": "cs", "POST /waiting/next": "cs", "POST /waiting/check-in": "cs", "POST /waiting/tickets": "cs", "GET /waiting/tickets/{id}": "cs", "POST /waiting/{id}/{step}": "cs",
		"GET /clerks": "s", "POST /clerks/{name}/sign-out": "s", "GET /calendars": "cs", "GET /calendars/{office}/{file}": "*", "GET /account": "csto", "POST /account/sign-out": "csto",
		"POST /account/passkeys": "csto", "POST /account/passkeys/challenge": "csto", "POST /account/passkeys/{id}/remove": "csto",
	}
	got := map[string]string{}
	for _, route := range (&desk{}).routes() {
		for _, role := range route.roles {
			if role == anybody {
				role = "*"
			}
			got[route.pattern] += string(role[:1])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestGuard asks for every route in every role, and without a session.
func TestGuard(t *testing.T) {
	o := newOfficeWithClerks(t)
	for _, role := range append(clerks.Roles(), anybody) {
		who := &adam{role: role}
		handler := New(Office{Name: "Amt", Clerks: who, Staff: o.clerks, Book: o.book, Town: o.book, Inbox: o.inbox, Visits: o.visits, Stations: o.fleet, Officer: o.keeper, Log: o.logger})
		for _, route := range (&desk{}).routes() {
			method, path, _ := strings.Cut(route.pattern, " ")
			if path == "" || strings.HasSuffix(path, "/events") { // the latter is a stream, and tested as such
				continue
			}
			who.out.Store(false)
			path = strings.NewReplacer("{$}", "", "{id}", "x", "{n}", "1", "{name}", "adam", "{office}", "x", "{file}", "y").Replace(path)
			r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
			if role != anybody {
				r.AddCookie(&http.Cookie{Name: "fotobox", Value: "adam's token"})
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			got, want := verdict(w), "served"
			switch {
			case slices.Contains(route.roles, anybody) || slices.Contains(route.roles, role):
			case role == anybody:
				want = "to /sign-in"
			case role == clerks.RoleTechnician && path == "/":
				want = "to /stations"
			case role == clerks.RoleOfficer && path == "/":
				want = "to /audit"
			default:
				want = "refused"
			}
			if got != want {
				t.Errorf("%q, %s: %s, want %s", role, route.pattern, got, want)
			}
		}
	}
}

// verdict is how the guard decided.
func verdict(w *httptest.ResponseRecorder) string {
	to, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	switch {
	case w.Code == http.StatusForbidden && strings.Contains(w.Body.String(), "Dafür ist Ihr Zugang nicht gedacht"):
		return "refused"
	case to == "/stations" || to == "/audit" || to == "/sign-in" && w.Header().Get("Set-Cookie") == "":
		return "to " + to
	}
	return "served"
}

// TestOneTable: no file of the desk makes a route beside the table.
func TestOneTable(t *testing.T) {
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	handles := regexp.MustCompile(`\.Handle(Func)?\(`)
	n := 0
	for _, f := range sources {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		n += len(handles.FindAll(text, -1))
	}
	if n != 1 {
		t.Errorf("%d calls of Handle, want the one over the table", n)
	}
}

// TestPagesOfRoles: nobody is offered what they may not use.
func TestPagesOfRoles(t *testing.T) {
	o := newOfficeWithClerks(t)
	for role, tc := range map[clerks.Role]struct {
		start     string
		has, lack []string
	}{
		clerks.RoleClerk:      {"/", []string{`action="/find"`}, []string{`href="/figures"`, `href="/clerks"`}},
		clerks.RoleSupervisor: {"/", []string{`action="/find"`, `href="/figures"`, `href="/account"`}, nil},
		clerks.RoleTechnician: {"/stations", []string{`href="/figures"`}, []string{`action="/find"`}},
		clerks.RoleOfficer:    {"/audit", []string{"Nachweis"}, []string{`action="/find"`, `href="/figures"`, `href="/stations"`}},
	} {
		if err := o.clerks.SetRole(t.Context(), "adam", role); err != nil {
			t.Fatal(err)
		}
		p := o.clerk(t).get(t, tc.start)
		p.want(t, http.StatusOK, tc.has...)
		p.without(t, tc.lack...)
	}
}

// TestEveryPostIsProtected sends every form from another site.
func TestEveryPostIsProtected(t *testing.T) {
	o := newOffice(t)
	for _, route := range (&desk{}).routes() {
		method, path, _ := strings.Cut(route.pattern, " ")
		if method != http.MethodPost {
			continue
		}
		r := httptest.NewRequestWithContext(t.Context(), method, strings.NewReplacer("{id}", "x", "{name}", "adam").Replace(path), nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		o.server.Config.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Anfrage abgelehnt") {
			t.Errorf("%s: %d", route.pattern, w.Code)
		}
	}
}
