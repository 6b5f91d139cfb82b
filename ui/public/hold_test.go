// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/link"
)

// expire is what the office's clock does at that moment.
func (o *town) expire(t *testing.T, at time.Time) {
	t.Helper()
	if _, _, err := o.book.Expire(t.Context(), at); err != nil {
		t.Fatal(err)
	}
}

// seats is how many times mitte has free at that moment.
func (o *town) seats(t *testing.T, start time.Time) int {
	t.Helper()
	all, err := o.book.Free(t.Context(), book.Request{Location: "mitte", Service: passport, Persons: 1}, start, start.Add(time.Minute), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return 0
	}
	return all[0].Times
}

// TestPressedTwice: the same form, sent again and at the same moment, makes one
// appointment at every step.
func TestPressedTwice(t *testing.T) {
	o := newTown(t)
	start := o.free(t, "mitte", 0)
	four := func(path string, form url.Values) (leads []string) {
		var wait sync.WaitGroup
		leads = make([]string, 4)
		for i := range leads {
			wait.Go(func() {
				a := o.citizen().post(t, path, form)
				if leads[i] = a.header.Get("Location"); a.status != http.StatusSeeOther {
					t.Errorf("%s: %d\n%s", path, a.status, a.body)
				}
			})
		}
		wait.Wait()
		return leads
	}
	held := four("/hold", chosen("mitte", passport, 1, start, "NONCE"))
	a := o.held(t, held[0])
	for _, other := range held {
		if b := o.held(t, other); b.ID != a.ID {
			t.Errorf("two are held: %s and %s", a.ID, b.ID)
		}
	}
	if n := o.seats(t, start); n != 1 {
		t.Errorf("%d seats are free, want 1", n)
	}
	four(held[0], erika())
	four(o.link(link.Confirm, a), nil)
	confirmed := o.get(t, a.ID)
	if confirmed.State != book.Confirmed || o.seats(t, start) != 1 {
		t.Errorf("it is %s, %d seats are free", confirmed.State, o.seats(t, start))
	}
	other := o.free(t, "mitte", 9)
	four(o.link(link.Move, a), chosen("mitte", 0, 0, other, ""))
	moved := o.get(t, a.ID)
	if moved.Revision != 1 || !moved.Start.Equal(other) {
		t.Errorf("moved: revision %d", moved.Revision)
	}
	four(o.link(link.Cancel, moved), nil)
	if last := o.get(t, a.ID); last.State != book.Cancelled {
		t.Errorf("it is %s", last.State)
	}
}

// TestTaken: who chooses a time that somebody else got is told others, and loses
// nothing that was typed.
func TestTaken(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	start := o.free(t, "ruhrort", 20)
	c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "ONE")).leads(t, "/held/")
	late := c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "TWO")).want(t, http.StatusConflict, "Dieser Termin wurde gerade vergeben", "Diese Termine sind frei")
	if n := strings.Count(late.body, `name="start"`); n != 6 {
		t.Errorf("%d other times are named, want 6", n)
	}
	form := chosen("ruhrort", passport, 1, start.Add(15*time.Minute), late.nonce(t))
	form.Set("name", "Käthe <b>")
	form.Set("email", "kaethe@example.org")
	form.Set("language", "pl")
	next := c.post(t, "/hold", form).want(t, http.StatusOK, "Ihre Angaben", "Käthe &lt;b&gt;", "kaethe@example.org", `value="pl" lang="pl" selected`)
	c.post(t, next.address(t, "/held/"), erika()).leads(t, "/held/")
}

// TestLateForm: after the ten minutes the form still books while the time is free,
// and afterwards names others.
func TestLateForm(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	start := o.free(t, "ruhrort", 20)
	form := c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "ONE")).leads(t, "/held/")
	first := o.held(t, form)
	o.expire(t, time.Now().Add(book.HoldTime))
	c.get(t, form).want(t, http.StatusConflict, "Die Zeit für das Formular ist um", "Diese Termine sind frei")
	again := c.post(t, form, erika()).leads(t, "/held/")
	second := o.held(t, again)
	if second.ID == first.ID || second.State != book.Preconfirmed || !second.Start.Equal(start) {
		t.Fatalf("sent late: %+v", second)
	}
	if twice := o.held(t, c.post(t, form, erika()).leads(t, "/held/")); twice.ID != second.ID {
		t.Error("sent late and twice it is two")
	}
	o.expire(t, time.Now().Add(book.ConfirmTime))
	c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "OTHER")).leads(t, "/held/")
	gone := c.post(t, again, erika()).want(t, http.StatusConflict, "Dieser Termin wurde gerade vergeben", "Erika Mustermann", "erika@example.org")
	if gone.nonce(t) == "" {
		t.Error("nothing else can be taken")
	}
	c.get(t, o.link(link.Confirm, second)).want(t, http.StatusConflict, "Der Link kam zu spät")
	c.post(t, o.link(link.Confirm, second), nil).want(t, http.StatusConflict, "Der Link kam zu spät")
}

// TestWrongForm: each fault stands beside its field and in the summary, and what
// was typed stays.
func TestWrongForm(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	form := c.post(t, "/hold", chosen("mitte", passport, 1, o.free(t, "mitte", 0), "ONE")).leads(t, "/held/")
	for name, test := range map[string]struct {
		form  url.Values
		wrong []string
	}{
		"empty":         {url.Values{}, []string{"name", "email", "language"}},
		"no name":       {url.Values{"name": {"  "}, "email": {"erika@example.org"}, "language": {"de"}}, []string{"name"}},
		"two lines":     {url.Values{"name": {"Erika\r\nBcc: x@example.org"}, "email": {"erika@example.org"}, "language": {"de"}}, []string{"name"}},
		"no address":    {url.Values{"name": {"Erika"}, "email": {"erika"}, "language": {"de"}}, []string{"email"}},
		"no dot":        {url.Values{"name": {"Erika"}, "email": {"erika@example"}, "language": {"de"}}, []string{"email"}},
		"two addresses": {url.Values{"name": {"Erika"}, "email": {"erika@example.org, eve@example.org"}, "language": {"de"}}, []string{"email"}},
		"with a name":   {url.Values{"name": {"Erika"}, "email": {"Eve <eve@example.org>"}, "language": {"de"}}, []string{"email"}},
		"no language":   {url.Values{"name": {"Erika"}, "email": {"erika@example.org"}, "language": {"../de"}}, []string{"language"}},
	} {
		a := c.post(t, form, test.form).want(t, http.StatusUnprocessableEntity, `id="summary"`, "Noch ")
		for _, field := range []string{"name", "email", "language"} {
			wrong := false
			for _, w := range test.wrong {
				wrong = wrong || w == field
			}
			if in := strings.Contains(a.body, `href="#`+field+`"`); in != wrong {
				t.Errorf("%s: the summary names %s: %v", name, field, in)
			}
			if beside := strings.Contains(a.body, `id="`+field+`-error"`); beside != wrong {
				t.Errorf("%s: beside %s stands a fault: %v", name, field, beside)
			}
		}
	}
	if a := o.held(t, form); a.State != book.Reserved {
		t.Errorf("it is %s", a.State)
	}
}

// TestOtherTime: another time chosen from the form gives the first one back, and
// nothing that is more than held.
func TestOtherTime(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	one, two, three := o.free(t, "mitte", 0), o.free(t, "mitte", 5), o.free(t, "mitte", 7)
	first := c.post(t, "/hold", chosen("mitte", passport, 2, one, "ONE")).leads(t, "/held/")
	times := c.get(t, c.get(t, first).address(t, "/times?")).want(t, http.StatusOK, `name="instead"`)
	form := chosen("mitte", passport, 2, two, times.nonce(t))
	form.Set("instead", strings.TrimPrefix(first, "/held/"))
	second := c.post(t, "/hold", form).leads(t, "/held/")
	if o.seats(t, one) != 2 || o.seats(t, two) != 0 {
		t.Errorf("%d and %d seats are free, want 2 and none", o.seats(t, one), o.seats(t, two))
	}
	c.get(t, first).want(t, http.StatusConflict, "Die Zeit für das Formular ist um") // the other tab
	c.post(t, second, erika()).leads(t, "/held/")
	form = chosen("mitte", passport, 1, three, "THREE")
	form.Set("instead", strings.TrimPrefix(second, "/held/"))
	c.post(t, "/hold", form).leads(t, "/held/")
	if a := o.held(t, second); a.State != book.Preconfirmed {
		t.Errorf("what waits for its answer became %s", a.State)
	}
	c.post(t, second+"/return", nil).leads(t, "/")
	c.post(t, second+"/return", nil).leads(t, "/")
	if a := o.held(t, second); a.State != book.Cancelled || o.seats(t, two) != 2 {
		t.Errorf("given back it is %s, %d seats are free", a.State, o.seats(t, two))
	}
}

// TestReserve: what the office keeps for itself is not offered, and cannot be had
// by who asks for it all the same.
func TestReserve(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	start := o.free(t, "ruhrort", 0)
	c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "ONE")).leads(t, "/held/")
	c.post(t, "/hold", chosen("ruhrort", passport, 1, start, "TWO")).want(t, http.StatusConflict)
	if _, err := o.book.Take(t.Context(), book.Request{Location: "ruhrort", Service: passport, Persons: 1, Inside: true}, start, book.Step{Do: book.Enter, At: time.Now(), Actor: "clerk:anna", Name: book.NameOf("Ada")}); err != nil {
		t.Errorf("the office itself: %v", err)
	}
	c.get(t, "/times?service=102&persons=1&office=archiv").want(t, http.StatusNotFound, "Dieses Amt vergibt online keine Termine")
	c.post(t, "/hold", chosen("archiv", passport, 1, start, "THREE")).want(t, http.StatusNotFound)
	form := chosen("ruhrort", passport, 1, start, "FOUR")
	form.Set("inside", "true")
	c.post(t, "/hold", form).want(t, http.StatusConflict)
}

// TestFamily: several persons get as many seats, a long service as many slots.
func TestFamily(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	start := o.free(t, "mitte", 4)
	c.get(t, "/offices?service=103&persons=2").want(t, http.StatusOK, "Einbürgerung", "2 Personen", "Zurzeit ist hier nichts frei") // ruhrort has one seat
	a := o.held(t, c.post(t, "/hold", chosen("mitte", naturalise, 2, start, "ONE")).leads(t, "/held/"))
	if a.Persons != 2 || a.Length != 30*time.Minute || o.seats(t, start) != 0 || o.seats(t, start.Add(15*time.Minute)) != 0 {
		t.Errorf("%d persons, %v, %d and %d seats are free", a.Persons, a.Length, o.seats(t, start), o.seats(t, start.Add(15*time.Minute)))
	}
}

// TestSoldOut: an office or a town without a free time says so, and what to do.
func TestSoldOut(t *testing.T) {
	o := townWith(t)
	c := o.citizen()
	c.get(t, "/offices?service=102&persons=1").want(t, http.StatusOK, "Zurzeit sind alle Termine vergeben", "rufen Sie Ihr Amt an")
	c.get(t, "/times?service=102&persons=1&office=mitte").want(t, http.StatusOK, "Ab diesem Tag ist nichts frei")
}

// TestMailbox: nobody can have a mailbox filled by a hundred forms.
func TestMailbox(t *testing.T) {
	o := newTown(t)
	c := o.citizen()
	var last answer
	for i := range mails + 1 {
		form := c.post(t, "/hold", chosen("mitte", passport, 1, o.free(t, "mitte", 2*i), "NONCE")).leads(t, "/held/")
		last = c.post(t, form, url.Values{"name": {"Eve"}, "email": {[]string{"erika@example.org", "Erika@Example.org"}[i%2]}, "language": {"de"}})
	}
	last.want(t, http.StatusTooManyRequests, "Das waren zu viele Anfragen")
	if last.header.Get("Retry-After") == "" {
		t.Error("it does not say when to ask again")
	}
}
