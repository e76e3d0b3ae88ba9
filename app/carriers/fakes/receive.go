package fakes

import (
	"strconv"
	"time"
)

// Reply is a message that somebody sends to a line.
type Reply struct {
	Provider, From, To, Text string

	id   int64
	at   time.Time
	read bool
}

// Say has somebody send a message to a line of a provider.
func (s *Server) Say(r Reply) {
	s.mu.Lock()
	s.next++
	r.id = 900_000_000 + s.next
	s.mu.Unlock()
	r.at = s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = append(s.replies, r)
}

// came lists what came in at a provider: what nobody fetched ("0"), what was
// fetched ("1"), or both. It is fetched then.
func (s *Server) came(provider, read string) []Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Reply
	for i := range s.replies {
		r := &s.replies[i]
		if r.Provider != provider || read == "0" && r.read || read == "1" && !r.read {
			continue
		}
		r.read = true
		list = append(list, *r)
	}
	return list
}

func (s *Server) kavenegarReplies(read string) []object {
	list := []object{}
	for _, r := range s.came("kavenegar", read) {
		list = append(list, object{"messageid": r.id, "message": r.Text, "sender": r.From, "receptor": r.To, "date": r.at.Unix()})
	}
	return list
}

func (s *Server) smsirReplies() []object {
	list := []object{}
	for _, r := range s.came("smsir", "") {
		from, _ := strconv.ParseInt(r.From, 10, 64)
		to, _ := strconv.ParseInt(r.To, 10, 64)
		list = append(list, object{"messageId": r.id, "messageText": r.Text, "number": to, "mobile": from, "receivedDateTime": r.at.Unix()})
	}
	return list
}

func (s *Server) ghasedakReplies(read string) []object {
	list := []object{}
	for _, r := range s.came("ghasedak", read) {
		list = append(list, object{"id": strconv.FormatInt(r.id, 10), "message": r.Text, "sender": r.From, "lineNumber": r.To, "receiveDate": r.at.Format(time.RFC3339)})
	}
	return list
}

func (s *Server) melipayamakReplies() object {
	list := []object{}
	for _, r := range s.came("melipayamak", "") {
		list = append(list, object{"MsgID": r.id, "Body": r.Text, "Sender": r.From, "Receiver": r.To, "SendDate": r.at.Format("2006-01-02T15:04:05")})
	}
	return object{"Value": "", "RetStatus": 1, "StrRetStatus": "Ok", "Data": list}
}
