// SPDX-License-Identifier: EUPL-1.2

// Command empty is a daemon that does nothing but answer: what remains is gokrazy.
package main

import "net/http"

func main() {
	panic(http.ListenAndServe(":80", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
}
