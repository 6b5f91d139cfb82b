// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestPauseOfPlace tries many names from one address: it must wait, the right
// password too, and another address need not.
func TestPauseOfPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := open(t)
		add(t, c, "adam")
		for n := range freeOfPlace + 1 {
			if _, err := c.SignIn(t.Context(), fmt.Sprint("name", n), "wrong", here); !errors.Is(err, ErrSignIn) {
				t.Fatalf("attempt %d: got %v, want ErrSignIn", n, err)
			}
		}
		_, err := c.SignIn(t.Context(), "adam", password, here)
		if p, ok := errors.AsType[*PauseError](err); !ok || p.For != firstPause {
			t.Errorf("got %v, want a pause of %s", err, firstPause)
		}
		if _, err := c.SignIn(t.Context(), "adam", password, "192.0.2.2"); err != nil {
			t.Errorf("from another address: %v", err)
		}
		time.Sleep(firstPause)
		signIn(t, c, "adam")
		// The success takes no miss back but its own.
		if _, err := c.SignIn(t.Context(), "name0", "wrong", here); !errors.Is(err, ErrSignIn) {
			t.Errorf("got %v, want ErrSignIn", err)
		}
		_, err = c.SignIn(t.Context(), "adam", password, here)
		if p, ok := errors.AsType[*PauseError](err); !ok || p.For != 2*firstPause {
			t.Errorf("got %v, want a pause of %s", err, 2*firstPause)
		}
	})
}

// TestNameIsNoPlace types an address as a name.
func TestNameIsNoPlace(t *testing.T) {
	c, _ := open(t)
	for range freeMisses + 1 {
		c.SignIn(t.Context(), "ADDRESS "+here, "wrong", "192.0.2.2")
	}
	if _, err := c.start(t.Context(), arrival{}); err == nil {
		t.Error("nobody signed in")
	}
	if _, err := c.SignIn(t.Context(), "adam", "wrong", here); !errors.Is(err, ErrSignIn) {
		t.Errorf("got %v, want ErrSignIn", err)
	}
}

// TestManySuccesses: a busy office never has to wait.
func TestManySuccesses(t *testing.T) {
	c, _ := open(t)
	add(t, c, "adam")
	for range freeOfPlace + 5 {
		signIn(t, c, "adam")
	}
}

// TestPlaceForgets: mistyping all day long does not add up.
func TestPlaceForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := open(t)
		for n := range 4 * freeOfPlace {
			if _, err := c.SignIn(t.Context(), fmt.Sprint("name", n), "wrong", here); !errors.Is(err, ErrSignIn) {
				t.Fatalf("attempt %d: %v", n, err)
			}
			time.Sleep(drain)
		}
	})
}
