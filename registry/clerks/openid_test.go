// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/registry/clerks/openidtest"
)

const deskBack = "http://localhost:9/sign-in/openid/back"

func agreed(town *openidtest.Town) ProviderSettings {
	return ProviderSettings{
		Issuer: town.Server.URL, ClientID: openidtest.ClientID, Secret: openidtest.Secret, Back: deskBack, Claim: "groups",
		Roles: map[string]Role{"fotobox-clerks": RoleClerk, "fotobox-heads": RoleSupervisor, "privacy": RoleOfficer},
	}
}

// enter goes the whole way, and changes what comes back with the browser.
func enter(t *testing.T, p *Provider, change func(journey *string, back url.Values)) (token, to string, err error) {
	t.Helper()
	address, journey, err := p.Begin(t.Context(), here, "/figures")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"code_challenge_method=S256", "response_type=code", "state=", "nonce="} {
		if !strings.Contains(address, part) {
			t.Errorf("%s has no %s", address, part)
		}
	}
	back := openidtest.Travel(t, address, deskBack)
	if change != nil {
		change(&journey, back)
	}
	return p.End(t.Context(), here, journey, back)
}

func TestOpenID(t *testing.T) {
	c, j := open(t)
	town := openidtest.Open(t, deskBack)
	p := c.NewProvider(agreed(town))
	token, to, err := enter(t, p, nil)
	if err != nil || to != "/figures" {
		t.Fatalf("to %q, %v", to, err)
	}
	if clerk, err := c.Session(t.Context(), token); clerk != (Clerk{"erika-muster", RoleClerk}) || err != nil {
		t.Errorf("Session() = %v, %v", clerk, err)
	}
	if _, err := c.SignIn(t.Context(), "erika-muster", "", here); !errors.Is(err, ErrSignIn) {
		t.Errorf("with an empty password: %v", err)
	}

	// The same person under another name, with more rights: the same clerk.
	town.Person.Username, town.Groups = "Erika Neu", []string{"fotobox-clerks", "fotobox-heads"}
	second, _, err := enter(t, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if clerk, err := c.Session(t.Context(), second); clerk != (Clerk{"erika-muster", RoleSupervisor}) || err != nil {
		t.Errorf("Session() = %v, %v", clerk, err)
	}
	if _, err := c.Session(t.Context(), token); !errors.Is(err, ErrSession) {
		t.Errorf("session of the old role: %v", err)
	}
	want := journal{
		"openid clerk-added clerk:erika-muster clerk", "clerk:erika-muster signed-in clerk:erika-muster openid",
		"openid role-set clerk:erika-muster supervisor", "clerk:erika-muster signed-in clerk:erika-muster openid",
	}
	if diff := cmp.Diff(want, *j); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

// TestOpenIDTakesNobodyOver: a password's clerk is not who has the same name in the town.
func TestOpenIDTakesNobodyOver(t *testing.T) {
	c, _ := open(t)
	add(t, c, "erika-muster")
	token, _, err := enter(t, c.NewProvider(agreed(openidtest.Open(t, deskBack))), nil)
	if err != nil {
		t.Fatal(err)
	}
	clerk, err := c.Session(t.Context(), token)
	if err != nil || !strings.HasPrefix(clerk.Name, "erika-muster-") {
		t.Errorf("Session() = %v, %v", clerk, err)
	}
}

// TestOpenIDRefuses is every way in which an answer can be wrong.
func TestOpenIDRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		town   func(*openidtest.Town)
		change func(journey *string, back url.Values)
		want   error
		said   string // in the record
	}{
		"wrong nonce":    {town: func(p *openidtest.Town) { p.Nonce = "another" }, want: ErrStranger, said: "nonce"},
		"wrong audience": {town: func(p *openidtest.Town) { p.Audience = "another" }, want: ErrStranger, said: "token"},
		"expired":        {town: func(p *openidtest.Town) { p.Lifetime = -24 * time.Hour }, want: ErrStranger, said: "token"},
		"foreign key":    {town: func(p *openidtest.Town) { p.ForeignKey = true }, want: ErrStranger, said: "token"},
		"unknown role":   {town: func(p *openidtest.Town) { p.Groups = []string{"other"} }, want: ErrStranger, said: "role"},
		"two roles":      {town: func(p *openidtest.Town) { p.Groups = []string{"fotobox-clerks", "privacy"} }, want: ErrStranger, said: "role"},
		"no roles":       {town: func(p *openidtest.Town) { p.Groups = nil }, want: ErrStranger, said: "role"},
		"wrong state":    {change: func(_ *string, back url.Values) { back.Set("state", "another") }, want: ErrJourney},
		"no state":       {change: func(_ *string, back url.Values) { back.Del("state") }, want: ErrJourney},
		"other browser":  {change: func(journey *string, _ url.Values) { *journey = "another" }, want: ErrJourney},
		"wrong code":     {change: func(_ *string, back url.Values) { back.Set("code", "another") }, want: ErrStranger},
		"refused there":  {change: func(_ *string, back url.Values) { back.Del("code"); back.Set("error", "access_denied") }, want: ErrStranger},
	} {
		t.Run(name, func(t *testing.T) {
			c, j := open(t)
			town := openidtest.Open(t, deskBack)
			p := c.NewProvider(agreed(town))
			if tc.town != nil {
				tc.town(town)
			}
			token, _, err := enter(t, p, tc.change)
			if !errors.Is(err, tc.want) || token != "" {
				t.Errorf("%q, %v, want %v", token, err, tc.want)
			}
			if list, err := c.List(t.Context()); len(list) != 0 || err != nil {
				t.Errorf("the list has %v, %v", list, err)
			}
			if got := strings.Join(*j, "\n"); tc.said != "" && !strings.HasSuffix(got, " "+tc.said) || tc.said == "" && got != "" {
				t.Errorf("record %q, want %q", got, tc.said)
			}
		})
	}
}

// TestOpenIDOnce: an answer is good for once, and not for long.
func TestOpenIDOnce(t *testing.T) {
	c, _ := open(t)
	p := c.NewProvider(agreed(openidtest.Open(t, deskBack)))
	address, journey, err := p.Begin(t.Context(), here, "/")
	if err != nil {
		t.Fatal(err)
	}
	back := openidtest.Travel(t, address, deskBack)
	for n, want := range []error{nil, ErrJourney} {
		if _, _, err := p.End(t.Context(), here, journey, back); !errors.Is(err, want) {
			t.Errorf("try %d: %v, want %v", n, err, want)
		}
	}
	_, journey, err = p.Begin(t.Context(), here, "/")
	if err != nil {
		t.Fatal(err)
	}
	late(t, c)
	if _, _, err := p.End(t.Context(), here, journey, back); !errors.Is(err, ErrJourney) {
		t.Errorf("too late: %v", err)
	}
}

// TestProviderAway has one that is switched off, and one that is out of order:
// neither says anything about the clerk.
func TestProviderAway(t *testing.T) {
	for name, fails := range map[string]func(*openidtest.Town){
		"off":          func(town *openidtest.Town) { town.Server.Close() },
		"out of order": func(town *openidtest.Town) { town.Sick = true },
	} {
		c, j := open(t)
		town := openidtest.Open(t, deskBack)
		p, known := c.NewProvider(agreed(town)), c.NewProvider(agreed(town))
		address, journey, err := known.Begin(t.Context(), here, "/")
		if err != nil {
			t.Fatal(err)
		}
		back := openidtest.Travel(t, address, deskBack)
		fails(town)
		if _, _, err := p.Begin(t.Context(), here, "/"); !errors.Is(err, ErrAway) {
			t.Errorf("%s, at the beginning: %v", name, err)
		}
		if _, _, err := known.End(t.Context(), here, journey, back); !errors.Is(err, ErrAway) {
			t.Errorf("%s, on the way: %v", name, err)
		}
		if len(*j) > 0 {
			t.Errorf("%s: record %q", name, *j)
		}
	}
}

// TestProviderSilent: one clerk's patience is not the next one's waiting.
func TestProviderSilent(t *testing.T) {
	c, _ := open(t)
	asked, over := make(chan struct{}, 2), make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-over
	}))
	defer silent.Close()
	p := c.NewProvider(ProviderSettings{Issuer: silent.URL})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { p.Begin(t.Context(), here, "/") })
	}
	for n := range 2 {
		select {
		case <-asked:
		case <-time.After(patience / 2):
			t.Errorf("the provider was asked %d times, want 2", n)
		}
	}
	close(over)
	all.Wait()
}

func TestRoleOf(t *testing.T) {
	roles := map[string]Role{"a": RoleClerk, "b": RoleSupervisor, "c": RoleTechnician}
	for name, tc := range map[string]struct {
		claims map[string]any
		claim  string
		want   Role
	}{
		"text":            {map[string]any{"g": "a"}, "g", RoleClerk},
		"list":            {map[string]any{"g": []any{"x", "c", 7}}, "g", RoleTechnician},
		"supervisor":      {map[string]any{"g": []any{"a", "b"}}, "g", RoleSupervisor},
		"two duties":      {map[string]any{"g": []any{"a", "c"}}, "g", ""},
		"inside":          {map[string]any{"r": map[string]any{"roles": []any{"a"}}}, "r.roles", RoleClerk},
		"dot in the name": {map[string]any{"https://x.org/g": "a"}, "https://x.org/g", RoleClerk},
		"missing":         {map[string]any{}, "g", ""},
		"number":          {map[string]any{"g": 7}, "g", ""},
	} {
		if got := roleOf(tc.claims, tc.claim, roles); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestNameOf(t *testing.T) {
	for want, claims := range map[string]map[string]any{
		"erika.muster":          {"preferred_username": " Erika.Muster "},
		"erika-example.org":     {"email": "erika@example.org"},
		"s-1":                   {"preferred_username": 7, "email": " "},
		strings.Repeat("ü", 55): {"preferred_username": strings.Repeat("Ü", 80)},
	} {
		if got := nameOf(claims, "s 1"); got != want {
			t.Errorf("%v: %q, want %q", claims, got, want)
		}
	}
}

// late lets the journeys that are under way take too long.
func late(t *testing.T, c *Clerks) {
	t.Helper()
	err := c.store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE clerk_journey SET started_at = started_at - $1`, (JourneyTime + time.Second).Milliseconds())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
