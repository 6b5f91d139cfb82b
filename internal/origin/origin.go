// SPDX-License-Identifier: EUPL-1.2

// Package origin says where a request comes from, as attempts are counted.
package origin

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Of is an IPv4 address, or the /64 of an IPv6 one, which is one line's. Behind a
// proxy it is the last address of X-Forwarded-For, which that proxy wrote. It is
// "" for all requests that say none.
func Of(r *http.Request, proxied bool) string {
	text, _, _ := net.SplitHostPort(r.RemoteAddr)
	if list := r.Header.Values("X-Forwarded-For"); proxied && len(list) > 0 {
		text = list[len(list)-1]
		text = strings.TrimSpace(text[strings.LastIndex(text, ",")+1:])
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	if a = a.Unmap(); a.Is6() {
		line, _ := a.WithZone("").Prefix(64) // an IPv6 address has 64 bits
		return line.String()
	}
	return a.String()
}
