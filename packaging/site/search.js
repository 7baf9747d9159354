// The search of the manuals: see packaging/site/make.  Sections are [page, title, anchor, heading, text].

// The sections that have all words of QUERY, best first: words in headings and titles count more than those in the text.
function search(sections, query, most) {
	var wanted = query.toLowerCase().split(/\s+/).filter(function (word) { return word; });
	var found = [];
	sections.forEach(function (section) {
		var heading = (section[1] + ' ' + section[3]).toLowerCase(), text = section[4].toLowerCase(), score = 0;
		for (var i = 0; i < wanted.length; i++) {
			var word = wanted[i];
			if (heading.indexOf(word) >= 0)
				score += 10;
			else if (text.indexOf(word) >= 0)
				score += 1;
			else
				return;
		}
		found.push({ section: section, score: score, order: found.length });
	});
	found.sort(function (a, b) { return b.score - a.score || a.order - b.order; });
	return wanted.length ? found.slice(0, most).map(function (f) { return f.section; }) : [];
}

// The text around the first word of QUERY in TEXT.
function excerpt(text, query) {
	var word = query.toLowerCase().split(/\s+/).filter(function (w) { return w; })[0] || '';
	var at = Math.max(text.toLowerCase().indexOf(word), 0), from = Math.max(at - 40, 0);
	return (from ? '…' : '') + text.slice(from, at + 100) + (at + 100 < text.length ? '…' : '');
}

function show() {
	var box = document.getElementById('search'), list = document.getElementById('found');
	var found = search(words, box.value, 20);
	list.textContent = '';
	found.forEach(function (section) {
		var item = document.createElement('li'), link = document.createElement('a'), some = document.createElement('p');
		link.href = section[0] + '#' + section[2];
		link.textContent = section[1] + ': ' + section[3];
		some.textContent = excerpt(section[4], box.value);
		item.appendChild(link);
		item.appendChild(some);
		list.appendChild(item);
	});
	if (box.value.trim() && !found.length) {
		var none = document.createElement('li');
		none.textContent = 'no section has all these words';
		list.appendChild(none);
	}
	list.hidden = !box.value.trim();
}

if (typeof document !== 'undefined') {
	document.getElementById('search').addEventListener('input', show);
	document.addEventListener('keydown', function (event) {
		var box = document.getElementById('search');
		if (event.key === '/' && document.activeElement !== box) {
			event.preventDefault();
			box.focus();
		} else if (event.key === 'Escape') {
			box.value = '';
			show();
		}
	});
}
