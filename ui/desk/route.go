// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/ui/style"
)

// A page answers a request of a clerk: of nobody's where the route is anybody's.
type page func(w http.ResponseWriter, r *http.Request, clerk string) error

// A route is one address of the desk, and who may use it.
type route struct {
	pattern string
	roles   []clerks.Role
	serve   page
}

// anybody is the role of those who did not sign in.
const anybody clerks.Role = ""

// routes is all that the desk answers: nothing is served that has no line here.
func (d *desk) routes() []route {
	var (
		all      = []clerks.Role{anybody}
		staff    = clerks.Roles()
		counter  = []clerks.Role{clerks.RoleClerk, clerks.RoleSupervisor}                     // citizens' names and photos
		record   = []clerks.Role{clerks.RoleClerk, clerks.RoleSupervisor, clerks.RoleOfficer} // what was done with a capture; its page names the citizen to the counter only
		stations = []clerks.Role{clerks.RoleSupervisor, clerks.RoleTechnician}
	)
	return append(d.appointmentRoutes(), []route{
		{"GET /kern/", all, served("/kern/", style.Handler())},
		{"GET /static/", all, served("/static/", static())},
		{"GET /sign-in", all, free(d.signInPage)},
		{"POST /sign-in", all, free(d.signIn)},
		{"GET /sign-in/openid", all, where(d.OpenID != nil, free(d.toProvider))},
		{"GET " + OpenIDBack, all, where(d.OpenID != nil, free(d.fromProvider))},
		{"POST /sign-in/passkey/challenge", all, where(d.Passkeys != nil, free(d.enterChallenge))},
		{"POST /sign-in/passkey", all, where(d.Passkeys != nil, free(d.enter))},
		{"POST /sign-out", all, free(d.signOut)},
		{"POST /language", all, free(d.chooseLanguage)},
		{"GET /{$}", counter, d.list},
		{"GET /next", counter, d.next},
		{"GET /events", counter, d.stream},
		{"POST /find", counter, d.find},
		{"GET /appointments/{id}", counter, d.appointment},
		{"GET /captures/{id}", counter, d.capture},
		{"GET /captures/{id}/history", record, d.history},
		{"GET /captures/{id}/large/{n}", counter, d.large},
		{"GET /captures/{id}/photos/{n}", counter, d.photo},
		{"GET /captures/{id}/photo.jpg", counter, d.download},
		{"GET /captures/{id}/record.xml", counter, d.record},
		{"POST /captures/{id}/take-over", counter, d.takeOver},
		{"POST /captures/{id}/refuse", counter, d.refuse},
		{"POST /captures/{id}/reopen", counter, d.reopen},
		{"GET /figures", stations, d.figures},
		{"GET /figures.json", stations, d.figuresJSON},
		{"GET /stations", stations, d.stations},
		{"GET /stations/{id}", stations, d.stationShown},
		{"POST /stations/{id}/operation", []clerks.Role{clerks.RoleSupervisor}, d.operate},
		{"POST /stations/{id}/place", []clerks.Role{clerks.RoleSupervisor}, d.placeStation},
		{"GET /clerks", []clerks.Role{clerks.RoleSupervisor}, d.clerkList},
		{"POST /clerks/{name}/sign-out", []clerks.Role{clerks.RoleSupervisor}, d.endSessions},
		{"GET /audit", []clerks.Role{clerks.RoleOfficer}, d.audit},
		{"GET /account", staff, d.account},
		{"POST /account/sign-out", staff, d.signOutEverywhere},
		{"POST /account/passkeys/challenge", staff, where(d.Passkeys != nil, d.addChallenge)},
		{"POST /account/passkeys", staff, where(d.Passkeys != nil, d.addPasskey)},
		{"POST /account/passkeys/{id}/remove", staff, where(d.Passkeys != nil, d.removePasskey)},
		{"/", all, free(nothing)},
	}...)
}

// appointmentRoutes are those about who comes when.
func (d *desk) appointmentRoutes() []route {
	var (
		all     = []clerks.Role{anybody}
		counter = []clerks.Role{clerks.RoleClerk, clerks.RoleSupervisor}
		figures = []clerks.Role{clerks.RoleSupervisor, clerks.RoleTechnician}
		town    = []clerks.Role{clerks.RoleSupervisor} // when offices receive, and for what
	)
	return []route{
		{"GET /waiting", counter, d.waiting},
		{"GET /waiting/events", counter, d.hallStream},
		{"GET /waiting/figures", figures, d.hallFigures},
		{"POST /waiting/counter", counter, d.chooseCounter},
		{"POST /waiting/next", counter, d.callNext},
		{"POST /waiting/check-in", counter, d.checkIn},
		{"POST /waiting/tickets", counter, d.draw},
		{"GET /waiting/tickets/{id}", counter, d.ticket},
		{"POST /waiting/{id}/{step}", counter, d.guestStep},
		{"GET /affected", counter, d.affected},
		{"GET /appointments/{id}/move", counter, d.moveShown},
		{"POST /appointments/{id}/move", counter, d.move},
		{"POST /appointments/{id}/cancel", counter, d.cancel},
		{"GET /town", town, d.town},
		{"GET /town/week", town, d.week},
		{"GET /town/offices/{id}", town, d.officeShown},
		{"GET /town/offices/{id}/form", town, d.officeForm},
		{"POST /town/offices/{id}/form", town, d.officeSent},
		{"GET /town/rules/{id}", town, d.ruleShown},
		{"POST /town/rules/{id}", town, d.ruleSent},
		{"GET /town/services", town, d.services},
		{"GET /town/services/{id}", town, d.serviceShown},
		{"POST /town/services/{id}", town, d.serviceSent},
		{"GET /town/closures", town, d.closures},
		{"GET /town/closures/{id}", town, d.closureShown},
		{"POST /town/closures/{id}", town, d.closureSent},
		{"GET /calendars", counter, d.calendars},
		{"GET /calendars/{office}/{file}", all, free(d.calendar)},
	}
}

// home is where those arrive who may not see the list.
func home(role clerks.Role) string {
	switch role {
	case clerks.RoleTechnician:
		return "/stations"
	case clerks.RoleOfficer:
		return "/audit"
	}
	return "/"
}

// free is a page that does not ask who somebody is.
func free(serve func(http.ResponseWriter, *http.Request) error) page {
	return func(w http.ResponseWriter, r *http.Request, _ string) error { return serve(w, r) }
}

// served is a page of files below the prefix.
func served(prefix string, files http.Handler) page {
	files = http.StripPrefix(prefix, files)
	return free(func(w http.ResponseWriter, r *http.Request) error {
		files.ServeHTTP(w, r)
		return nil
	})
}

// where is the page in an office that has what it needs.
func where(there bool, serve page) page {
	if !there {
		return free(nothing)
	}
	return serve
}

func nothing(http.ResponseWriter, *http.Request) error { return errNothing }

// guard lets in those with a session whose role may use the route, sends those
// without one to sign in, and tells the page the clerk.
func (d *desk) guard(route route) func(http.ResponseWriter, *http.Request) error {
	if slices.Contains(route.roles, anybody) {
		return func(w http.ResponseWriter, r *http.Request) error { return route.serve(w, r, "") }
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		clerk, err := d.Clerks.Session(r.Context(), d.token(r))
		switch {
		case errors.Is(err, clerks.ErrSession):
			http.Redirect(w, r, signInAddress(r), http.StatusSeeOther)
			return nil
		case err != nil:
			return err
		case slices.Contains(route.roles, clerk.Role):
			return route.serve(w, r, clerk.Name)
		case r.URL.Path == "/" && home(clerk.Role) != "/":
			http.Redirect(w, r, home(clerk.Role), http.StatusSeeOther)
			return nil
		}
		return errRole
	}
}

// signInAddress comes back to the page that was asked for.
func signInAddress(r *http.Request) string {
	if r.Method != http.MethodGet || r.URL.Path == "/" || strings.HasSuffix(r.URL.Path, "/events") {
		return "/sign-in"
	}
	return "/sign-in?" + url.Values{"to": {r.URL.RequestURI()}}.Encode()
}
