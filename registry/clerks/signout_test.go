// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSignOutEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, j := open(t)
		add(t, c, "adam")
		add(t, c, "eve")
		over := signIn(t, c, "adam")
		time.Sleep(Idle)
		first := signIn(t, c, "adam")
		time.Sleep(time.Minute)
		second, other := signIn(t, c, "adam"), signIn(t, c, "eve")

		list, err := c.Sessions(t.Context(), "adam", first)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now().Truncate(time.Millisecond)
		want := []Open{
			{Way: ByPassword, Started: now, UsedAt: now},
			{Way: ByPassword, Started: now.Add(-time.Minute), UsedAt: now.Add(-time.Minute), This: true},
		}
		if diff := cmp.Diff(want, list); diff != "" {
			t.Errorf("sessions (-want +got):\n%s", diff)
		}
		*j = nil
		if err := c.SignOutEverywhere(t.Context(), "clerk:eve", " Adam"); err != nil {
			t.Fatal(err)
		}
		for name, token := range map[string]string{"over": over, "first": first, "second": second} {
			if _, err := c.Valid(t.Context(), token); !errors.Is(err, ErrSession) {
				t.Errorf("%s session: got %v", name, err)
			}
		}
		if _, err := c.Valid(t.Context(), other); err != nil {
			t.Errorf("another clerk's session: %v", err)
		}
		if err := c.SignOutEverywhere(t.Context(), "clerk:eve", "nobody"); !errors.Is(err, ErrNotFound) {
			t.Errorf("unknown clerk: got %v", err)
		}
		if diff := cmp.Diff(journal{"clerk:eve signed-out-everywhere clerk:adam"}, *j); diff != "" {
			t.Errorf("journal (-want +got):\n%s", diff)
		}
	})
}
