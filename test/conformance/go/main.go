// One short life of a client of the official Go SDK: connect, subscribe, publish, ask who is there, survive a cut.
//
// Usage: scenario URL TOKEN CHANNEL json|protobuf. Writes one JSON object per line for each event; ends with 0 once the
// publication "end" has come. The test beside this folder cuts the wire and compares what is written.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge-go"
)

type fields map[string]any

var output sync.Mutex

func tell(event string, more fields) {
	line := fields{"event": event}
	for key, value := range more {
		line[key] = value
	}
	text, err := json.Marshal(line)
	must(err)
	output.Lock()
	defer output.Unlock()
	fmt.Println(string(text))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) != 5 {
		must(fmt.Errorf("usage: %s URL TOKEN CHANNEL json|protobuf", os.Args[0]))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	client := connect(os.Args[1], os.Args[2], os.Args[4])
	defer client.Close()
	subscription, ended := subscribe(ctx, client, os.Args[3])

	_, err := subscription.Publish(ctx, []byte(`{"from":"go"}`))
	must(err)
	tellPresence(ctx, subscription)
	tellHistory(ctx, subscription)
	select {
	case <-ended:
	case <-ctx.Done():
		must(ctx.Err())
	}
}

func connect(url, token, encoding string) *centrifuge.Client {
	config := centrifuge.Config{Token: token, MaxReconnectDelay: 300 * time.Millisecond}
	client := centrifuge.NewJsonClient(url, config)
	if encoding == "protobuf" {
		client = centrifuge.NewProtobufClient(url, config)
	}
	client.OnConnecting(func(e centrifuge.ConnectingEvent) { tell("connecting", fields{"code": e.Code}) })
	client.OnConnected(func(e centrifuge.ConnectedEvent) { tell("connected", fields{"client": e.ClientID}) })
	client.OnError(func(e centrifuge.ErrorEvent) { tell("error", fields{"message": e.Error.Error()}) })
	must(client.Connect())
	return client
}

func subscribe(ctx context.Context, client *centrifuge.Client, channel string) (*centrifuge.Subscription, <-chan struct{}) {
	subscription, err := client.NewSubscription(channel)
	must(err)
	subscribed := make(chan struct{}, 16)
	ended := make(chan struct{}, 16)
	subscription.OnSubscribed(func(e centrifuge.SubscribedEvent) {
		tell("subscribed", fields{"recovered": e.Recovered, "wasRecovering": e.WasRecovering})
		subscribed <- struct{}{}
	})
	subscription.OnPublication(func(e centrifuge.PublicationEvent) {
		tell("publication", fields{"offset": e.Offset, "data": json.RawMessage(e.Data)})
		if string(e.Data) == `"end"` {
			ended <- struct{}{}
		}
	})
	must(subscription.Subscribe())
	select {
	case <-subscribed:
	case <-ctx.Done():
		must(ctx.Err())
	}
	return subscription, ended
}

func tellPresence(ctx context.Context, subscription *centrifuge.Subscription) {
	presence, err := subscription.Presence(ctx)
	must(err)
	users := []string{}
	for _, info := range presence.Clients {
		users = append(users, info.User)
	}
	sort.Strings(users)
	tell("presence", fields{"users": users})
}

func tellHistory(ctx context.Context, subscription *centrifuge.Subscription) {
	history, err := subscription.History(ctx, centrifuge.WithHistoryLimit(10))
	must(err)
	offsets := []uint64{}
	for _, publication := range history.Publications {
		offsets = append(offsets, publication.Offset)
	}
	tell("history", fields{"offsets": offsets})
}
