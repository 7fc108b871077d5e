"use strict";
(() => {
  const DATA = JSON.parse(document.getElementById("data").textContent);
  const R = DATA.rows, COUNT = R.id.length, SVG = "http://www.w3.org/2000/svg";
  const WORDS = {
    title: ["对账核查结果", "Reconciliation result"], skip: ["跳到例外清单", "Skip to the exceptions"],
    brief: ["一页纸：金额最大的五项、各方向、要决定的事（元）", "On one page: five largest, directions, what to decide (yuan)"],
    matters: ["事项", "Matters"], lines: ["条数", "Lines"], open: ["已确认未办理", "Confirmed, still due"], unseen: ["尚未复核", "Not reviewed"],
    before: ["上次", "Last run"], now: ["本次查出", "This run"], change: ["增减", "Change"], sure: ["其中已确认", "Confirmed by people"],
    totals: ["按方向合计（元）", "Totals by direction (yuan)"],
    never: ["各方向之间不得相互抵减；参数未确认的金额不作为定论。", "Directions are never netted; amounts from unconfirmed parameters are not settled."],
    families: ["按规则族（计入合计的金额，元）", "By family (counted amounts, yuan)"],
    charts: ["图表", "Charts"], chartsNote: ["随下面的筛选条件变化。", "They follow the filters below."],
    list: ["例外清单", "Exceptions"], search: ["查找（单位、说明、编号）", "Search (party, message, id)"],
    family: ["规则族", "Family"], rule: ["规则", "Rule"], direction: ["方向", "Direction"],
    severity: ["严重程度", "Severity"], state: ["状态", "State"],
    onlyCounted: ["只看计入合计的", "Counted only"], reset: ["清除条件", "Clear"],
    rules: ["规则执行情况", "Rules"], close: ["关闭", "Close"], lang: ["English", "中文"],
    all: ["全部", "all"], amount: ["金额", "Amount"], party: ["单位", "Party"], period: ["期间", "Period"],
    message: ["说明", "Message"], count: ["例外数", "Exceptions"], confirmed: ["已确认参数", "Confirmed"],
    unconfirmed: ["参数未确认", "Unconfirmed"], sum: ["合计", "Total"], leads: ["待核实", "Leads"],
    status: ["状态", "Status"], examined: ["检查行数", "Rows examined"], why: ["原因", "Reason"],
    name: ["名称", "Title"], id: ["例外编号", "Exception id"], expected: ["应有", "Expected"],
    actual: ["实有", "Actual"], difference: ["差额", "Difference"], formula: ["计算式", "Formula"],
    evidence: ["证据", "Evidence"], policy: ["依据/政策参数", "Policy values"],
    explanations: ["可能的合理解释", "Legitimate reasons to rule out"], detail: ["其他", "Detail"],
    counted: ["计入合计", "Counted"], linked: ["同一笔钱已计入", "Same money counted in"],
    yes: ["是", "yes"], no: ["否", "no"], byMonth: ["按所属月份（例外数）", "By month (exceptions)"],
    byFamily: ["按规则族（例外数）", "By family (exceptions)"],
    byParty: ["{direction}：金额最大的单位（元）", "{direction}: largest parties (yuan)"],
    countedCount: ["计入合计（条）", "Counted"],
    bySeverity: ["按严重程度（例外数）", "By severity (exceptions)"],
    byAge: ["账龄：期间终了至截止日（例外数）", "Age: end of period to as-of (exceptions)"],
    byState: ["按状态（例外数）", "By state (exceptions)"], none: ["没有数据", "no data"],
    more: ["……共 {n} 处，全部见 exceptions.csv", "... {n} in all, see exceptions.csv"],
    found: ["{n} 条，共 {all} 条", "{n} of {all}"], cut: ["本页只列出前 {n} 条（按严重程度和金额），全部 {all} 条见 exceptions.csv。", "This page lists the first {n} (by severity and amount); all {all} are in exceptions.csv."],
    printed: ["打印前 {n} 条", "First {n} printed"], unmasked: ["本次运行没有遮盖个人信息，请按内部资料保管。", "Personal data is not masked in this run; keep it internal."],
  };
  const AGES = [["≤30", 30], ["31–90", 90], ["91–180", 180], ["181–365", 365], ["366–730", 730], [">730", Infinity]];
  const COLUMNS = ["rule", "severity", "direction", "party", "amount", "message", "state", "period"];
  const ORDER = ["rule", "severity", "direction", "party", "amount", "message", "period", "state"];
  const PRINTED = 2000;
  let lang = DATA.meta.lang === "en" ? 1 : 0, shown = [], active = 0, sortBy = "amount", down = true, hay = null;

  const $ = (id) => document.getElementById(id);
  const t = (key, values) => WORDS[key][lang].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const code = (kind, value) => { const text = DATA.texts[kind][value]; return text ? text[lang] : value; };
  const number = (n) => n.toLocaleString("en-US");
  const yuan = (fen) => {
    if (fen === null || fen === undefined) return "";
    const whole = Math.trunc(Math.abs(fen) / 100), rest = String(Math.abs(fen) % 100).padStart(2, "0");
    return (fen < 0 ? "-" : "") + whole.toLocaleString("en-US") + "." + rest;
  };
  const make = (tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined && text !== null) node.textContent = text;
    if (name) node.className = name;
    return node;
  };
  const at = (column, row) => DATA.dictionaries[column][R[column][row]];
  const rule = (row) => at("rule", row), family = (row) => rule(row).split("-")[0];
  const familyName = (each) => DATA.texts.families[each] ? each + " " + DATA.texts.families[each][lang] : each;
  const title = (each) => { const found = DATA.rules.find((one) => one.rule === each); return found && found.title ? found.title[lang] : ""; };
  const message = (row) => (lang ? R.message_en[row] || R.message[row] : R.message[row]) || "";

  function table(node, headers, rows, numbersFrom) {
    node.replaceChildren();
    const head = node.createTHead().insertRow(), body = node.createTBody();
    headers.forEach((text, place) => {
      const cell = make("th", text, place >= numbersFrom ? "n" : "");
      cell.scope = "col";
      head.append(cell);
    });
    for (const cells of rows) {
      const line = body.insertRow();
      cells.forEach((text, place) => {
        const cell = make(place ? "td" : "th", text, place >= numbersFrom ? "n" : "");
        if (!place) cell.scope = "row";
        line.append(cell);
      });
    }
  }

  function drawFacts() {
    const meta = DATA.meta;
    document.documentElement.lang = lang ? "en" : "zh-CN";
    document.title = t("title") + " " + meta.run_id;
    for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
    $("lang").textContent = t("lang");
    $("about").textContent = [meta.self, meta.from + " – " + meta.to, (lang ? "as of " : "截止日 ") + meta.as_of,
      (lang ? "run " : "运行编号 ") + meta.run_id].filter(Boolean).join(" · ");
    const warnings = DATA.warnings.map((each) => each[lang]);
    if (!meta.masked) warnings.unshift(t("unmasked"));
    if (meta.all > COUNT) warnings.push(t("cut", { n: number(COUNT), all: number(meta.all) }));
    $("warnings").replaceChildren(...warnings.map((each) => make("p", each, "warn")));
    const brief = DATA.brief, compared = brief.ways.some((each) => each.before !== null);
    table($("largest"), [t("party"), t("direction"), t("matters"), t("lines"), t("open"), t("unseen")],
      brief.largest.map((each) => [each.party, code("directions", each.direction), each.problems.map((one) => one[lang]).join(lang ? ", " : "、"),
        number(each.lines), each.found ? yuan(each.found) : "", each.unseen ? yuan(each.unseen) : ""]), 3);
    table($("ways"), [t("direction"), ...(compared ? [t("before")] : []), t("now"), ...(compared ? [t("change")] : []), t("sure")],
      brief.ways.map((each) => [code("directions", each.direction), ...(compared ? [yuan(each.before)] : []), yuan(each.amount),
        ...(compared ? [yuan(each.amount - each.before)] : []), each.found ? yuan(each.found) : ""]), 1);
    $("trend").textContent = brief.trend[lang];
    $("decisions").replaceChildren(...brief.decisions.map((each) => make("li", each[lang])));
    $("addition").textContent = DATA.addition[lang];
    table($("totals"), [t("direction"), t("countedCount"), t("confirmed"), t("unconfirmed"), t("sum")],
      DATA.totals.map((each) => [code("directions", each.direction), number(each.exceptions), yuan(each.confirmed),
        yuan(each.unconfirmed), yuan(each.confirmed + each.unconfirmed)]), 1);
    const directions = DATA.totals.map((each) => each.direction);
    table($("families"), [t("family"), t("count"), t("leads"), ...directions.map((each) => code("directions", each))],
      DATA.families.map((each) => [familyName(each.family), number(each.exceptions), number(each.leads),
        ...directions.map((one) => yuan(each.amounts[one] || 0))]), 1);
    table($("rules"), [t("rule"), t("name"), t("status"), t("why"), t("examined"), t("count")],
      DATA.rules.map((each) => [each.rule, each.title ? each.title[lang] : "", code("statuses", each.status),
        each.reason ? each.reason[lang] : "", number(each.examined), number(each.exceptions)]), 4);
    drawChoices();
    drawHead();
  }

  function drawChoices() {
    const fill = (id, values, name) => {
      const node = $(id), kept = node.value;
      node.replaceChildren(new Option(t("all"), "*"), ...values.map((each) => new Option(name(each), each)));
      node.value = kept || "*";
    };
    const rules = [...DATA.dictionaries.rule].filter(Boolean).sort();
    fill("f-family", DATA.families.map((each) => each.family), familyName);
    fill("f-rule", rules, (each) => each + " " + title(each));
    fill("f-direction", DATA.dictionaries.direction, (each) => code("directions", each));
    fill("f-severity", Object.keys(DATA.texts.severities), (each) => code("severities", each));
    fill("f-state", DATA.dictionaries.state.filter((each) => each !== null), (each) => code("states", each));
  }

  function drawHead() {
    $("head").replaceChildren(...ORDER.map((column, place) => {
      const cell = make("div", null, column === "amount" ? "n" : ""), button = make("button", t(column));
      cell.setAttribute("role", "columnheader");
      cell.setAttribute("aria-colindex", place + 1);
      cell.setAttribute("aria-sort", sortBy === column ? (down ? "descending" : "ascending") : "none");
      button.type = "button";
      if (sortBy === column) button.textContent += down ? " ▼" : " ▲";
      button.addEventListener("click", () => {
        down = sortBy === column ? !down : column === "amount";
        sortBy = column;
        drawHead();
        refresh();
        $("head").children[place].firstChild.focus();
      });
      cell.append(button);
      return cell;
    }));
    $("grid").setAttribute("aria-colcount", COLUMNS.length);
  }

  function haystack() {
    if (!hay) {
      hay = new Array(COUNT);
      for (let row = 0; row < COUNT; row++) {
        hay[row] = [R.id[row], rule(row), at("party", row) || "", at("party_id", row) || "", R.message[row] || "",
          R.message_en[row] || "", at("period", row) || ""].join("\n").toLowerCase();
      }
    }
    return hay;
  }

  function wanted() {
    const words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean), texts = words.length ? haystack() : null;
    const picks = ["family", "rule", "direction", "severity", "state"].map((each) => $("f-" + each).value);
    const counted = $("f-counted").checked, rows = [];
    const place = (column, value) => value === "*" ? -1 : DATA.dictionaries[column].indexOf(value);
    const [inRule, inDirection, inSeverity, inState] = ["rule", "direction", "severity", "state"].map((each, n) => place(each, picks[n + 1]));
    const inFamily = picks[0] === "*" ? null : DATA.dictionaries.rule.map((each) => each.split("-")[0] === picks[0]);
    const misses = (asked, index, value) => asked !== "*" && index !== value;
    for (let row = 0; row < COUNT; row++) {
      if (inFamily && !inFamily[R.rule[row]]) continue;
      if (misses(picks[1], inRule, R.rule[row]) || misses(picks[2], inDirection, R.direction[row])) continue;
      if (misses(picks[3], inSeverity, R.severity[row]) || misses(picks[4], inState, R.state[row])) continue;
      if (counted && !R.counted[row]) continue;
      if (texts && !words.every((word) => texts[row].includes(word))) continue;
      rows.push(row);
    }
    return rows;
  }

  function sorted(rows) {
    if (!sortBy) return rows;
    let key;
    if (sortBy === "amount") key = (row) => R.amount[row] === null ? -1 : R.amount[row];
    else if (sortBy === "message") {
      const collator = new Intl.Collator(lang ? "en" : "zh");
      const sign = down ? -1 : 1;
      return rows.sort((a, b) => sign * collator.compare(message(a), message(b)) || a - b);
    } else {
      const words = DATA.dictionaries[sortBy], rank = new Array(words.length);
      const collator = new Intl.Collator("zh");
      const levels = Object.keys(DATA.texts.severities);
      words.map((_, place) => place).sort((a, b) => sortBy === "severity" ? levels.indexOf(words[a]) - levels.indexOf(words[b])
        : collator.compare(words[a] || "", words[b] || "")).forEach((place, order) => { rank[place] = order; });
      key = (row) => rank[R[sortBy][row]];
    }
    const sign = down ? -1 : 1, keys = new Float64Array(COUNT);
    for (const row of rows) keys[row] = key(row);
    return rows.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
  }

  const rowHeight = () => parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10);

  function cellText(column, row) {
    if (column === "amount") return yuan(R.amount[row]);
    if (column === "message") return message(row);
    const value = at(column, row);
    if (column === "direction") return code("directions", value);
    if (column === "severity") return code("severities", value);
    if (column === "state") return value === null ? "" : code("states", value);
    return value || "";
  }

  function drawRows() {
    const grid = $("grid"), height = rowHeight(), body = $("body");
    const first = Math.max(0, Math.floor(grid.scrollTop / height) - 8);
    const last = Math.min(shown.length, first + Math.ceil(grid.clientHeight / height) + 20);
    const lines = [];
    for (let place = first; place < last; place++) {
      const row = shown[place], line = make("div");
      line.setAttribute("role", "row");
      line.id = "r" + place;
      line.setAttribute("aria-rowindex", place + 2);
      line.setAttribute("aria-selected", place === active);
      line.style.top = place * height + "px";
      line.dataset.place = place;
      ORDER.forEach((column) => {
        const cell = make("div", cellText(column, row), "c-" + column + (column === "amount" ? " n" : ""));
        cell.setAttribute("role", "gridcell");
        if (column === "severity" && at("severity", row) === "high") cell.classList.add("high");
        if (column === "amount" && R.unverified[row]) { cell.classList.add("mark"); cell.title = t("unconfirmed"); cell.textContent += " *"; }
        if (column === "rule") cell.title = title(at("rule", row));
        line.append(cell);
      });
      lines.push(line);
    }
    body.style.height = shown.length * height + "px";
    body.replaceChildren(...lines);
    grid.setAttribute("aria-rowcount", shown.length + 1);
    const here = active >= first && active < last;
    if (here && shown.length) grid.setAttribute("aria-activedescendant", "r" + active);
    else grid.removeAttribute("aria-activedescendant");
  }

  function refresh() {
    shown = sorted(wanted());
    active = 0;
    $("grid").scrollTop = 0;
    $("found").textContent = t("found", { n: number(shown.length), all: number(COUNT) }) + (R.unverified.some(Boolean) ? "　* " + t("unconfirmed") : "");
    const sums = new Map(DATA.totals.map((each) => [each.direction, 0]));
    for (const row of shown) if (R.counted[row]) { const d = at("direction", row); sums.set(d, (sums.get(d) || 0) + R.amount[row]); }
    $("sums").textContent = [...sums].filter(([, fen]) => fen).map(([d, fen]) => code("directions", d) + " " + yuan(fen)).join(" · ");
    drawRows();
    drawCharts();
  }

  function bars(name, entries, format, highlight) {
    const figure = make("figure"), width = 420, line = 24, left = 130;
    figure.append(make("figcaption", name));
    const svg = document.createElementNS(SVG, "svg"), most = Math.max(1, ...entries.map((each) => each[1]));
    const put = (tag, attributes, text) => {
      const node = document.createElementNS(SVG, tag);
      for (const key in attributes) node.setAttribute(key, attributes[key]);
      if (text !== undefined) node.textContent = text;
      svg.append(node);
    };
    svg.setAttribute("viewBox", "0 0 " + width + " " + Math.max(1, entries.length) * line);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", name + ": " + entries.map((each) => each[0] + " " + format(each[1])).join("; "));
    entries.forEach(([label, value], place) => {
      const size = Math.round((width - left - 110) * value / most), top = place * line;
      const wide = [...label].reduce((sum, each) => sum + (each > "\u2e7f" ? 2 : 1), 0);
      let text = label;
      if (wide > 20) { let used = 0; text = ""; for (const each of label) { used += each > "\u2e7f" ? 2 : 1; if (used > 19) break; text += each; } text += "…"; }
      put("text", { x: left - 6, y: top + 16, "text-anchor": "end" }, text);
      put("rect", { x: left, y: top + 4, width: Math.max(size, 1), height: 15, rx: 2, class: highlight && highlight(label) ? "b" : "a" });
      put("text", { x: left + size + 6, y: top + 16, class: "v" }, format(value));
    });
    if (!entries.length) put("text", { x: 0, y: 16 }, t("none"));
    figure.append(svg);
    return figure;
  }

  function lastDay(period) {
    const parts = (period || "").split("..").pop().split("-").map(Number);
    if (!parts[0]) return NaN;
    if (parts.length === 3) return Date.UTC(parts[0], parts[1] - 1, parts[2]);
    return parts.length === 2 ? Date.UTC(parts[0], parts[1], 0) : Date.UTC(parts[0], 11, 31);
  }

  function drawCharts() {
    const tally = (column) => {
      const counts = new Array(DATA.dictionaries[column].length).fill(0);
      for (const row of shown) counts[R[column][row]]++;
      return DATA.dictionaries[column].map((each, place) => [each, counts[place]]).filter((each) => each[1]);
    };
    const grouped = (entries, name) => {
      const sums = new Map();
      for (const [key, n] of entries) sums.set(name(key), (sums.get(name(key)) || 0) + n);
      return [...sums];
    };
    const periods = tally("period"), asOf = Date.parse(DATA.meta.as_of);
    let months = grouped(periods.filter((each) => each[0]), (each) => each.split("..").pop().slice(0, 7)).sort();
    if (months.length > 14) months = grouped(months, (each) => typeof each === "string" ? each.slice(0, 4) : each).sort();
    const ages = AGES.map(([label]) => [label, 0]);
    for (const [period, n] of periods) {
      const days = (asOf - lastDay(period)) / 864e5, place = AGES.findIndex((each) => days <= each[1]);
      if (place >= 0) ages[place][1] += n;
    }
    const money = new Map(DATA.totals.map((each) => [each.direction, new Map()]));
    for (const row of shown) if (R.counted[row]) {
      const sums = money.get(at("direction", row));
      sums.set(R.party[row], (sums.get(R.party[row]) || 0) + R.amount[row]);
    }
    const parties = [...money].filter(([, sums]) => sums.size).map(([direction, sums]) =>
      bars(t("byParty", { direction: code("directions", direction) }), [...sums].map(([place, fen]) =>
        [DATA.dictionaries.party[place] || "", fen]).sort((a, b) => b[1] - a[1]).slice(0, 10), yuan));
    const families = grouped(tally("rule"), (each) => each.split("-")[0]).map(([each, n]) => [familyName(each), n]).sort((a, b) => b[1] - a[1]);
    const severities = tally("severity"), levels = Object.keys(DATA.texts.severities);
    $("charts").replaceChildren(
      ...parties, bars(t("byFamily"), families, number), bars(t("byMonth"), months, number),
      bars(t("byAge"), ages.map(([label, n]) => [label + (lang ? " days" : " 天"), n]), number),
      bars(t("bySeverity"), levels.map((each) => [code("severities", each), (severities.find((one) => one[0] === each) || [0, 0])[1]]), number,
        (label) => label === code("severities", "high")),
      bars(t("byState"), tally("state").map(([each, n]) => [each === null ? "" : code("states", each), n]), number));
  }

  function list(texts) {
    const node = make("ul");
    node.append(...texts.map((each) => make("li", each)));
    return node;
  }

  function open(row) {
    const entries = make("dl"), evidence = R.evidence[row] ? R.evidence[row].split("\n") : [];
    const add = (key, content) => {
      if (content === "" || content === null || content === undefined) return;
      const value = make("dd");
      value.append(content);
      entries.append(make("dt", t(key)), value);
    };
    if (R.evidence_count[row] > evidence.length) evidence.push(t("more", { n: number(R.evidence_count[row]) }));
    add("id", R.id[row]);
    add("rule", rule(row) + " " + title(rule(row)));
    add("party", [at("party", row), at("party_id", row)].filter(Boolean).join("  "));
    for (const key of ["period", "severity", "direction", "state"]) add(key, cellText(key, row));
    add("amount", R.amount[row] === null ? "" : yuan(R.amount[row]) + (R.unverified[row] ? "（" + t("unconfirmed") + "）" : ""));
    add("counted", t(R.counted[row] ? "yes" : "no"));
    if (R.linked[row]) {
      const target = R.id.indexOf(R.linked[row]), button = make("button", R.linked[row]);
      button.type = "button";
      button.disabled = target < 0;
      button.addEventListener("click", () => open(target));
      add("linked", button);
    }
    add("expected", yuan(R.expected[row]));
    add("actual", yuan(R.actual[row]));
    add("difference", yuan(R.difference[row]));
    add("message", message(row));
    if (R.formula[row]) add("formula", make("code", R.formula[row]));
    add("evidence", evidence.length ? list(evidence) : "");
    const policy = at("policy", row), reasons = at(lang ? "explanations_en" : "explanations", row);
    add("policy", policy ? list(policy.split("\n")) : "");
    add("explanations", reasons ? list(reasons.split("\n")) : "");
    const detail = at("detail", row);
    if (detail && detail !== "{}") {
      let pairs = null;
      try { pairs = Object.entries(JSON.parse(detail)); } catch { pairs = [["", detail]]; }
      add("detail", list(pairs.map(([key, value]) => key + ": " + (typeof value === "object" ? JSON.stringify(value) : value))));
    }
    $("d-title").textContent = rule(row) + " " + (at("party", row) || "");
    $("d-body").replaceChildren(entries);
    if (!$("detail").open) $("detail").showModal();
    $("d-close").focus();
  }

  function step(event) {
    const page = Math.max(1, Math.floor($("grid").clientHeight / rowHeight()) - 2);
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1 };
    if (event.target.closest("#head")) return;
    if (event.key === "Enter" && shown.length) { open(shown[active]); event.preventDefault(); return; }
    if (!(event.key in moves) || !shown.length) return;
    event.preventDefault();
    active = Math.min(shown.length - 1, Math.max(0, moves[event.key]));
    const grid = $("grid"), height = rowHeight(), top = active * height, room = grid.clientHeight - $("head").offsetHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + height > grid.scrollTop + room) grid.scrollTop = top + height - room;
    drawRows();
  }

  function printable() {
    const rows = shown.slice(0, PRINTED);
    table($("print"), [t("rule"), t("party"), t("period"), t("direction"), t("amount"), t("message"), t("evidence")],
      rows.map((row) => [rule(row), at("party", row), at("period", row), cellText("direction", row), yuan(R.amount[row]), message(row), R.evidence[row]]), 99);
    if (shown.length > PRINTED) $("found").textContent += "　" + t("printed", { n: number(PRINTED) });
  }

  let waiting = 0, frame = 0;
  $("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
  $("filters").addEventListener("change", refresh);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("reset", () => setTimeout(() => {
    for (const node of $("filters").querySelectorAll("select")) node.value = "*";
    refresh();
  }));
  $("grid").addEventListener("scroll", () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(drawRows); });
  $("grid").addEventListener("keydown", step);
  $("body").addEventListener("click", (event) => {
    const line = event.target.closest("[role=row]");
    if (!line) return;
    active = Number(line.dataset.place);
    drawRows();
    open(shown[active]);
  });
  $("detail").addEventListener("close", () => $("grid").focus());
  $("detail").addEventListener("click", (event) => { if (event.target === $("detail")) $("detail").close(); });
  $("lang").addEventListener("click", () => { lang = 1 - lang; drawFacts(); refresh(); });
  addEventListener("resize", () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(drawRows); });
  addEventListener("beforeprint", printable);
  drawFacts();
  refresh();
  document.documentElement.dataset.ready = "1";
})();
