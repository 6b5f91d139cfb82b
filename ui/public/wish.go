// SPDX-License-Identifier: EUPL-1.2

package public

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
	"github.com/fotobox-project/fotobox/registry/wishes"
	"github.com/fotobox-project/fotobox/ui/text"
)

// wishRoutes are for who found nothing free; without a queue there are none.
func (s *site) wishRoutes() []route {
	if s.Wishes == nil {
		return nil
	}
	return []route{
		{"GET /wish", look, s.wishPage},
		{"POST /wish", take, s.wish},
		{"GET /wished", look, s.wished},
		{"GET /accept/{link}", look, s.acceptPage},
		{"POST /accept/{link}", take, s.accept},
		{"GET /decline/{link}", look, s.declinePage},
		{"POST /decline/{link}", take, s.decline},
		{"GET /withdraw/{link}", look, s.withdrawPage},
		{"POST /withdraw/{link}", take, s.withdraw},
	}
}

// wishView is what the form of a wish shows.
type wishView struct {
	Choice  choice
	Offices []book.Location
	Form    url.Values
	Wrong   map[string]string // keys of what to do, by field
	Today   calendar.Day
	Last    calendar.Day
	Free    []book.Free // what fits already
	Nonce   string
}

// Fields are those of the form that can be wrong, in their order.
func (wishView) Fields() []string { return []string{"days", "last", "email", "language"} }

// Has says whether the form has the value in the field.
func (v wishView) Has(field, value string) bool { return slices.Contains(v.Form[field], value) }

// Days are the days of the week on which offices may be open.
func (wishView) Days() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
}

// Code names a day in the form.
func (wishView) Code(d time.Weekday) string { return strings.ToLower(d.String()[:3]) }

// Office is the one of that code.
func (v wishView) Office(code string) choice {
	i := slices.IndexFunc(v.Offices, func(l book.Location) bool { return l.Code == code })
	if i < 0 {
		return v.Choice
	}
	return v.Choice.At(v.Offices[i])
}

// ahead is how many days ahead the form looks at first.
const ahead = 28

// newWish reads what somebody looks for. It reports false without a service.
func (s *site) newWish(r *http.Request, form url.Values, now time.Time) (v wishView, ok bool, err error) {
	q := url.Values{"service": form["service"], "persons": form["persons"]}
	if v.Choice, ok, err = s.choose(r.Context(), q); err != nil || !ok {
		return v, ok, err
	}
	v.Offices, err = s.onlineOffices(r.Context())
	v.Form, v.Today = form, calendar.DayOf(now, book.Zone())
	v.Last = v.Today + wishes.MaxDays
	return v, true, err
}

// wishPage asks what would fit. All is ticked at first.
func (s *site) wishPage(w http.ResponseWriter, r *http.Request) error {
	v := s.view(r, "public.wish")
	n, ok, err := s.newWish(r, r.URL.Query(), v.Now)
	if err != nil {
		return err
	}
	if !ok {
		return home(w, r)
	}
	n.Form = url.Values{"hours": {"any"}, "first": {n.Today.String()}, "last": {(n.Today + ahead).String()}, "language": {string(v.Language)}}
	for _, d := range n.Days() {
		n.Form.Add("days", n.Code(d))
	}
	for _, l := range n.Offices {
		n.Form.Add("offices", l.Code)
	}
	return s.show(w, "wish", http.StatusOK, v, n)
}

// draft is the wish of the form, and which fields are wrong.
func (v wishView) draft() (d wishes.Wish, wrong map[string]string) {
	d, wrong = wishes.Wish{Service: v.Choice.Service.Code, Persons: v.Choice.Persons}, map[string]string{}
	for _, l := range v.Offices {
		if v.Has("offices", l.Code) {
			d.Offices = append(d.Offices, l.Code)
		}
	}
	if len(d.Offices) == len(v.Offices) {
		d.Offices = nil // every one, also those to come
	}
	hours := map[string]wishes.Hours{"morning": wishes.Between(0, 12), "afternoon": wishes.Between(12, 24)}[v.Form.Get("hours")]
	if hours == 0 {
		hours = wishes.EveryHour
	}
	days := 0
	for i, day := range v.Days() {
		if v.Has("days", v.Code(day)) {
			d.Windows[i], days = hours, days+1
		}
	}
	if days == 0 {
		wrong["days"] = "public.error.days"
	}
	if days == len(v.Days()) && hours == wishes.EveryHour {
		d.Windows = wishes.Windows{}
	}
	var err1, err2 error
	d.First, err1 = calendar.ParseDay(v.Form.Get("first"))
	d.Last, err2 = calendar.ParseDay(v.Form.Get("last"))
	d.First = max(d.First, v.Today)
	if err1 != nil || err2 != nil || d.Last < d.First || d.Last > v.Last {
		wrong["last"] = "public.error.last"
	}
	v.whose(&d, wrong)
	return d, wrong
}

// whose adds whom the mails go to.
func (v wishView) whose(d *wishes.Wish, wrong map[string]string) {
	var err error
	if d.Email, err = book.ParseEmail(v.Form.Get("email")); err != nil || !strings.Contains(domain(d.Email), ".") {
		wrong["email"] = "public.error.email"
	}
	l, ok := text.Parse(v.Form.Get("language"), text.Languages())
	if !ok {
		wrong["language"] = "public.error.language"
	}
	d.Language = string(l)
}

// wish leaves the wish, unless something fits it already and nobody said that it
// is to be left all the same.
func (s *site) wish(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	v := s.view(r, "public.wish")
	n, ok, err := s.newWish(r, r.PostForm, v.Now)
	if err != nil {
		return err
	}
	if !ok {
		return errForm
	}
	v.Back, v.Here = "/wish?"+string(n.Choice.Query()), "/wish?"+string(n.Choice.Query())
	draft, wrong := n.draft()
	if n.Wrong = wrong; len(wrong) > 0 {
		v.Faulty = true
		return s.show(w, "wish", http.StatusUnprocessableEntity, v, n)
	}
	if r.PostForm.Get("anyway") == "" {
		if n.Free, err = s.Wishes.Match(r.Context(), draft, v.Now); err != nil {
			return err
		}
		if len(n.Free) > 0 {
			n.Free, n.Nonce = n.Free[:min(6, len(n.Free))], nonce()
			v.Title = "public.wish.free"
			return s.show(w, "wish-free", http.StatusOK, v, n)
		}
	}
	if wait := s.meters.mails.allow(s.mailbox(draft.Email), v.Now); wait > 0 {
		return tooMany(w, wait)
	}
	// That an address asks too often is nobody else's business either.
	if _, err := s.Wishes.Leave(r.Context(), draft, v.Now); err != nil && !errors.Is(err, wishes.ErrOften) {
		return err
	}
	http.Redirect(w, r, "/wished", http.StatusSeeOther)
	return nil
}

// wished says that a mail is to be answered.
func (s *site) wished(w http.ResponseWriter, r *http.Request) error {
	return s.note(w, r, s.view(r, "public.mail"), "public.wished.text")
}
