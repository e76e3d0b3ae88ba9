package web_test

// letters: bytes that are no text, wherever text is expected.
func (e *edge) letters() map[string]edgeShot {
	const form = "application/x-www-form-urlencoded"
	all := map[string]edgeShot{}
	for name, bad := range map[string]string{
		"NUL": "%00", "overlong": "%c0%ae", "half a letter": "%d9", "surrogate": "%ed%a0%80", "beyond Unicode": "%f7%bf%bf%bf", "all controls": "%01%02%07%08%0b%1b%7f", "line break": "%0d%0aSet-Cookie:%20a=b", "direction": "%e2%80%ae",
	} {
		all["query with "+name] = e.get("/no-such-page?q=" + bad)
		all["language with "+name] = edgeShot{bytes: e.post("/language?to="+bad+"&next="+bad, form, "").bytes, want: []int{303}}
		all["sign-in with "+name] = e.post("/session", form, "user="+bad+"&password="+bad)
		all["field name with "+name] = e.post("/session", form, bad+"="+bad)
		all["tracking with "+name] = e.post("/tracking", form, "code="+bad+"&secret="+bad)
		all["code request with "+name] = e.post("/my/codes", form, "mobile="+bad)
		all["hook with "+name] = e.post(e.sms, form, "from=0912"+bad+"&text="+bad+"&id="+bad+"&to="+bad, 204, 422, 400)
	}
	raw := "\x00\xff\xfe\xc0\xae\xed\xa0\x80"
	all["JSON that is no text"] = e.post(e.sms, "application/json", `{"id":"`+raw+`","from":"09120001122`+raw+`","text":"`+raw+`","to":"`+raw+`"}`, 204, 422)
	all["JSON escapes"] = e.post(e.sms, "application/json", `{"id":"\u0000\ud800","from":"09120001122\u0000","text":"\u0000\ud800","to":"\u0000"}`, 204, 422)
	all["mail that is no text"] = e.post(e.mail, "message/rfc822", "From: a"+raw+"@example.ir\r\nMessage-ID: <"+raw+"@x>\r\nReferences: <"+raw+">\r\nIn-Reply-To: "+raw+"\r\nSubject: "+raw+"\r\n\r\n"+raw, 204, 422)
	all["mail with foreign references"] = e.post(e.mail, "message/rfc822", "From: a@example.ir\r\nMessage-ID: <1\xff@x>\r\nReferences: <\xff\xfe@x>\r\nSubject: =?utf-8?q?=00=ff?=\r\n\r\n\xff", 204, 422)
	all["mail from nobody"] = e.post(e.mail, "message/rfc822", "From: =?utf-8?b?AAAA?= <a=00@example.ir>\r\nReferences: =?utf-8?b?AAAA?=\r\nSubject: x\r\n\r\nx", 204, 422)
	all["mail with a bad name"] = e.post(e.mail, "message/rfc822", mailHead+"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a\xff"+"b.pdf\"\r\n\r\n%PDF-1.4\r\n--b--\r\n", 204, 422)
	all["cookie that is no text"] = e.get("/no-such-page", "Cookie: lang=%00; theme=\xff; pasokh-visitor=%ff%00; pasokh=%c0%ae\r\n")
	return all
}
