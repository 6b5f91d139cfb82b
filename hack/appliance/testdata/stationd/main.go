// SPDX-License-Identifier: EUPL-1.2

// Command stationd stands in the station's place in a release that went wrong.
package main

import (
	"flag"
	"net/http"
	"os"
	"time"
)

func main() {
	mode := flag.String("mode", "", "crash, hang, sick, or freeze after half a minute")
	flag.Parse()
	if *mode == "crash" {
		os.Exit(1)
	}
	began := time.Now()
	err := http.ListenAndServe("127.0.0.1:9099", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch {
		case *mode == "sick":
			w.WriteHeader(http.StatusServiceUnavailable)
		case *mode == "hang", time.Since(began) > 30*time.Second:
			select {}
		}
	}))
	if err != nil {
		panic(err)
	}
}
