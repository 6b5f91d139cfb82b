// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func signIn(t *testing.T, c *Clerks, name string) string {
	t.Helper()
	token, err := c.SignIn(t.Context(), name, password, here)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, j := open(t)
		add(t, c, "adam")
		token := signIn(t, c, " Adam ")
		if clerk, err := c.Session(t.Context(), token); clerk != (Clerk{"adam", RoleClerk}) || err != nil {
			t.Errorf("Session() = %q, %v", clerk, err)
		}
		for name, other := range map[string]string{"empty": "", "other": token[1:] + "A"} {
			if clerk, err := c.Session(t.Context(), other); !errors.Is(err, ErrSession) {
				t.Errorf("%s token: got %q, %v", name, clerk, err)
			}
		}
		for range 2 { // signing out twice is no error
			if err := c.SignOut(t.Context(), token); err != nil {
				t.Error(err)
			}
		}
		if _, err := c.Session(t.Context(), token); !errors.Is(err, ErrSession) {
			t.Errorf("after sign-out: got %v", err)
		}
		want := journal{"office clerk-added clerk:adam clerk", "clerk:adam signed-in clerk:adam password", "clerk:adam signed-out clerk:adam"}
		if diff := cmp.Diff(want, *j); diff != "" {
			t.Errorf("journal (-want +got):\n%s", diff)
		}
	})
}

// TestSessionEnds plays a day: used every 29 minutes it lasts 8 hours, unused
// it ends after 30 minutes, and looking at it without use does not keep it.
func TestSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := open(t)
		add(t, c, "adam")
		start, token := time.Now(), signIn(t, c, "adam")
		for time.Since(start) < Lifetime-29*time.Minute {
			time.Sleep(29 * time.Minute)
			if _, err := c.Session(t.Context(), token); err != nil {
				t.Fatalf("after %s in use: %v", time.Since(start), err)
			}
		}
		time.Sleep(Lifetime - time.Since(start))
		if _, err := c.Session(t.Context(), token); !errors.Is(err, ErrSession) {
			t.Errorf("after 8 h in use: got %v", err)
		}

		token = signIn(t, c, "adam")
		time.Sleep(29 * time.Minute)
		if _, err := c.Valid(t.Context(), token); err != nil {
			t.Errorf("after 29 min: %v", err)
		}
		time.Sleep(time.Minute)
		if _, err := c.Session(t.Context(), token); !errors.Is(err, ErrSession) {
			t.Errorf("after 30 min without use: got %v", err)
		}
	})
}

func TestPasswordChangeEndsSessions(t *testing.T) {
	c, _ := open(t)
	add(t, c, "adam")
	token := signIn(t, c, "adam")
	if err := c.SetPassword(t.Context(), "adam", "another good password"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Session(t.Context(), token); !errors.Is(err, ErrSession) {
		t.Errorf("session after the change: got %v", err)
	}
	if _, err := c.SignIn(t.Context(), "adam", password, here); !errors.Is(err, ErrSignIn) {
		t.Errorf("old password: got %v", err)
	}
	if err := c.SetPassword(t.Context(), "eve", "another good password"); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown clerk: got %v", err)
	}
}

// TestStartAfterChange starts a session with a password that was replaced
// while it was being checked.
func TestStartAfterChange(t *testing.T) {
	c, _ := open(t)
	add(t, c, "adam")
	old, err := c.admit(t.Context(), "adam", here)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetPassword(t.Context(), "adam", "another good password"); err != nil {
		t.Fatal(err)
	}
	if token, err := c.start(t.Context(), arrival{name: "adam", way: ByPassword, place: here, phc: old}); !errors.Is(err, ErrSignIn) {
		t.Errorf("got %q, %v, want ErrSignIn", token, err)
	}
}
