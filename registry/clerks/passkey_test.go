// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The way with an authenticator is tested where the browser is: ui/desk.

func keys(t *testing.T, c *Clerks) *Passkeys {
	t.Helper()
	p, err := c.NewPasskeys("https://desk.example.org:8443", "Amt")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPasskeyQuestions: what is asked of the browser is what the office relies on.
func TestPasskeyQuestions(t *testing.T) {
	c, _ := open(t)
	add(t, c, "adam")
	p := keys(t, c)
	var added struct {
		PublicKey struct {
			RP        struct{ ID string }
			User      struct{ Name, ID string }
			Selection struct{ ResidentKey, UserVerification string } `json:"authenticatorSelection"`
			Challenge string
		}
	}
	options, _, err := p.BeginAdd(t.Context(), "adam")
	if err == nil {
		err = json.Unmarshal(options, &added)
	}
	q := added.PublicKey
	if err != nil || q.RP.ID != "desk.example.org" || q.User.Name != "adam" || len(q.User.ID) != 43 || len(q.Challenge) < 43 ||
		q.Selection.ResidentKey != "required" || q.Selection.UserVerification != "required" {
		t.Errorf("%s, %v", options, err)
	}
	var asked struct{ PublicKey map[string]any }
	options, _, err = p.BeginEnter(t.Context(), here)
	if err == nil {
		err = json.Unmarshal(options, &asked)
	}
	if err != nil || asked.PublicKey["rpId"] != "desk.example.org" || asked.PublicKey["userVerification"] != "required" || asked.PublicKey["allowCredentials"] != nil {
		t.Errorf("%s, %v", options, err)
	}
}

// TestPasskeyJourneys: a challenge is good for once, and for what it was set for.
func TestPasskeyJourneys(t *testing.T) {
	c, j := open(t)
	add(t, c, "adam")
	p := keys(t, c)
	*j = nil
	_, adding, err := p.BeginAdd(t.Context(), "adam")
	if err != nil {
		t.Fatal(err)
	}
	_, entering, err := p.BeginEnter(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	enter := func(journey string) error {
		_, err := p.EndEnter(t.Context(), here, journey, []byte("{}"))
		return err
	}
	add := func(journey, name string) error { return p.EndAdd(t.Context(), "adam", journey, name, []byte("{}")) }
	for _, tc := range []struct {
		name      string
		got, want error
	}{
		{"adding's challenge to enter", enter(adding), ErrJourney},
		{"entering's challenge to add", add(entering, "key"), ErrJourney},
		{"an answer that is none", enter(entering), ErrPasskey},
		{"once more", enter(entering), ErrJourney},
		{"a name of nothing", add(adding, " "), ErrPasskey},
		{"once more", add(adding, "key"), ErrJourney},
		{"no journey", enter(""), ErrJourney},
	} {
		if !errors.Is(tc.got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, tc.got, tc.want)
		}
	}
	if diff := cmp.Diff(journal(nil), *j); diff != "" {
		t.Errorf("the record has what anybody could fill it with:\n%s", diff)
	}
}

func TestPasskeysOfAClerk(t *testing.T) {
	c, j := open(t)
	add(t, c, "adam")
	add(t, c, "eve")
	p := keys(t, c)
	if err := p.keep(t.Context(), "adam", []byte("handle"), "Schlüssel", []byte{1, 2, 3, 4, 5}, "{}"); err != nil {
		t.Fatal(err)
	}
	list, err := p.List(t.Context(), "adam")
	if err != nil || len(list) != 1 || list[0].Name != "Schlüssel" || list[0].ID != "AQIDBAU" || list[0].Added.IsZero() || !list[0].UsedAt.IsZero() {
		t.Fatalf("List() = %+v, %v", list, err)
	}
	for name, id := range map[string]string{"eve": "AQIDBAU", "adam": "AQID", "Adam": "???"} {
		if err := p.Remove(t.Context(), name, id); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s removes %s: %v", name, id, err)
		}
	}
	if err := p.Remove(t.Context(), "adam", "AQIDBAU"); err != nil {
		t.Error(err)
	}
	if got := (*j)[2:]; !cmp.Equal(journal(got), journal{"clerk:adam passkey-added clerk:adam 01020304", "clerk:adam passkey-removed clerk:adam 01020304"}) {
		t.Errorf("journal %q", got)
	}
	// What is not known is refused; that the store does not answer is no refusal.
	if _, err := p.holder(t.Context(), []byte{9}, []byte("handle")); !errors.Is(err, ErrPasskey) {
		t.Errorf("an unknown passkey: %v", err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := p.holder(gone, []byte{9}, []byte("handle")); err == nil || errors.Is(err, ErrPasskey) {
		t.Errorf("nobody answers: %v", err)
	}
	// A clerk who is removed takes the passkeys along.
	if err := p.keep(t.Context(), "adam", []byte("handle"), "Schlüssel", []byte{1}, "{}"); err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(t.Context(), "adam"); err != nil {
		t.Fatal(err)
	}
	if list, err := p.List(t.Context(), "adam"); len(list) != 0 || err != nil {
		t.Errorf("List() = %v, %v", list, err)
	}
}

func TestPasskeysNeedASite(t *testing.T) {
	c, _ := open(t)
	for _, site := range []string{"", "://", "desk"} {
		if p, err := c.NewPasskeys(site, "Amt"); err == nil {
			t.Errorf("%q: %v", site, p)
		}
	}
}
