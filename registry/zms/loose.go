// SPDX-License-Identifier: EUPL-1.2

package zms

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// loose is a value that comes as a string, a number, a boolean or null. ZMS's
// own schema allows several of them for most fields.
type loose string

// UnmarshalJSON keeps what the value says as text; null is empty.
func (l *loose) UnmarshalJSON(data []byte) error {
	text := strings.TrimSpace(string(data))
	switch {
	case text == "null":
		*l = ""
		return nil
	case strings.HasPrefix(text, `"`):
		var s string
		err := json.Unmarshal(data, &s)
		*l = loose(strings.TrimSpace(s))
		return err
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return errors.New("zms: a single value is expected")
	}
	*l = loose(text)
	return nil
}

// number is the value as a whole number, 0 when it is none.
func (l loose) number() int64 {
	if n, err := strconv.ParseInt(string(l), 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(string(l), 64)
	if err != nil || f < -1<<53 || f > 1<<53 { // not a number, or not exact
		return 0
	}
	return int64(f)
}

// yes says whether the value is a true one.
func (l loose) yes() bool { return l == "true" || l.number() != 0 }

// few is a list, which PHP may write as an object with numbers for names.
type few[T any] []T

// UnmarshalJSON reads an array, the values of an object in the order of their
// numbers, or null.
func (f *few[T]) UnmarshalJSON(data []byte) error {
	*f = nil
	if !strings.HasPrefix(strings.TrimSpace(string(data)), "{") {
		return json.Unmarshal(data, (*[]T)(f))
	}
	var named map[string]T
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	names := slices.SortedFunc(maps.Keys(named), func(a, b string) int {
		if n := loose(a).number() - loose(b).number(); n != 0 {
			return int(max(min(n, 1), -1))
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		*f = append(*f, named[name])
	}
	return nil
}

// one is an object, which PHP writes as [] when it is empty.
type one[T any] struct{ value T }

// UnmarshalJSON reads the object; an array counts as an empty one.
func (o *one[T]) UnmarshalJSON(data []byte) error {
	var zero T
	o.value = zero
	if strings.HasPrefix(strings.TrimSpace(string(data)), "[") {
		return nil
	}
	return json.Unmarshal(data, &o.value)
}
