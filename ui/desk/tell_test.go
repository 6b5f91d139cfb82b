// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// A crier notes who is told that they have lost their seat, and why.
type crier struct{ told []string }

func (c *crier) Made(_ context.Context, _ *sql.Tx, e book.Event) error {
	if e.Do == book.Displace {
		c.told = append(c.told, e.After.Name.Reveal()+": "+e.Reason)
	}
	return nil
}

func (*crier) Opened(context.Context, *sql.Tx, book.Opening, time.Time) error { return nil }

// details are those of the record's entries, in lines.
func (o *office) details(t *testing.T) (all string) {
	t.Helper()
	for e, err := range audit.All(t.Context(), o.store) {
		if err != nil {
			t.Fatal(err)
		}
		all += e.Detail + "\n"
	}
	return all
}

// TestClosureTellsWhomItHits: once, unless somebody says no, and of a longer closure
// only those whom it hits besides.
func TestClosureTellsWhomItHits(t *testing.T) {
	o := newOffice(t)
	o.furnish(t)
	var c crier
	o.book.Follow(&c)
	clerk := o.clerk(t)
	ada, cem := o.takesLater(t, 0, "Ada"), o.takesLater(t, 40, "Cem")
	first, second := calendar.DayOf(ada.Start, book.Zone()), calendar.DayOf(cem.Start, book.Zone())
	closure := url.Values{"office": {"mitte"}, "first": {first.String()}, "reason": {"Wasserschaden"}, "do": {"try"}}

	p := clerk.post(t, "/town/closures/new", closure)
	p.want(t, http.StatusOK, `name="tell" id="tell" value="1" checked`, "Es bekommen sie: 0. Ohne E-Mail-Adresse: 1.")
	again := clerk.post(t, "/town/closures/new", p.hidden("try")) // without the tick
	again.want(t, http.StatusOK, `name="tell" id="tell" value="1" aria`)
	form := p.hidden("save")
	form.Set("tell", "1")
	clerk.post(t, "/town/closures/new", form).leads(t, "/affected?saved")
	if want := []string{"Ada: Wasserschaden"}; !slices.Equal(c.told, want) {
		t.Errorf("told %q, want %q", c.told, want)
	}
	o.did(t, "appointment-displaced", "clerk:adam")
	if want := "closure added: mitte " + first.String() + ": 0 slots made"; !strings.Contains(o.details(t), want) || strings.Contains(o.details(t), "Wasserschaden") {
		t.Errorf("the record does not say %q, or says why:\n%s", want, o.details(t))
	}

	page := "/town/closures/" + mark(o.plan(t).Closures[0])
	closure.Set("last", second.String())
	p = clerk.post(t, page, closure)
	p.want(t, http.StatusOK, "Ohne E-Mail-Adresse: 1.")
	clerk.post(t, page, p.hidden("save")).leads(t, "/affected?saved") // the tick was taken away
	if len(c.told) != 1 {
		t.Errorf("told %q although somebody said no", c.told)
	}
	if p = clerk.post(t, "/town/rules/new", aRule(nil)); len(c.told) != 1 {
		t.Errorf("a preview told %q", c.told)
	}
	p.without(t, `name="asked"`)
	clerk.post(t, "/town/rules/new", p.hidden("save")).leads(t, "/affected?saved")
	if len(c.told) != 1 {
		t.Errorf("another change told those of before: %q", c.told)
	}
}
