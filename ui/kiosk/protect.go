// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"net/http"
	"strings"
)

// policy is the Content-Security-Policy: everything from here, nothing inline,
// pictures also from memory.
func policy() string {
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "worker-src 'self'", "style-src 'self'", "font-src 'self'",
		"img-src 'self' blob:", "media-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	}, "; ")
}

// protect sets what every answer bears and refuses what another site's page sends.
func protect(next http.Handler) http.Handler {
	guarded := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy())
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=()")
		guarded.ServeHTTP(w, r)
	})
}
