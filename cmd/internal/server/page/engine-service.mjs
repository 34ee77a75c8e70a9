// The engine that uses the service which sent the page.
export const promise = `Your file is sent to the service at ${location.host}, which stores nothing of it. Nothing is sent anywhere else.`;
/** The formats in which a checked inventory can be written. */
export const formats = ['csv', 'html', 'xlsx'];

function query(options) {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value == null || ['amend', 'list', 'rows'].includes(name)) continue;
    for (const one of [value].flat()) q.append(name, one);
  }
  return q.size ? '?' + q : '';
}

/** The body of a request: a form if amendments or a list go with the content, which is the last field. */
function form({ amend, list }, name, content, file) {
  const body = new FormData();
  for (const text of amend ?? []) body.append('amend', new Blob([text]), 'amendment.json');
  if (list) body.append('list', new Blob([list.content]), list.name);
  if (name) body.append(name, content, file);
  return body;
}

async function ask(path, init) {
  const response = await fetch(path, init);
  if (response.ok) return response;
  const { error, columns } = await response.json().catch(() => ({ error: `the service answered ${response.status} ${response.statusText}` }));
  throw Object.assign(new Error(error), { columns });
}

export async function rules({ amend, expect_rules }) {
  if (!amend && !expect_rules) return (await ask('healthz')).json();
  const { headers } = await ask('v1/rules' + query({ expect_rules }), { method: 'POST', body: form({ amend }) });
  const [, edition, sha256] = headers.get('Ivp-Rules').match(/^(.*); sha256=(.*)$/);
  return { edition, sha256, vouched_to: headers.get('Ivp-Vouched-To') };
}

export async function timeline(options) {
  return (await ask('v1/timeline' + query(options), options.amend ? { method: 'POST', body: form(options) } : {})).json();
}

export async function tables(question) {
  return (await ask('v1/tables', { method: 'POST', body: JSON.stringify(question) })).json();
}

export async function check(device, options) {
  return (await ask('v1/check' + query(options), { method: 'POST', body: form(options, 'devices', new Blob([JSON.stringify(device)]), 'device.json') })).json();
}

/** Checks an inventory. What csv is depends on the format. */
export async function checkCSV(file, options, onProgress, signal) {
  const response = await ask('v1/check.csv' + query(options), {
    method: 'POST', body: form(options, 'inventory', file, file.name), signal, headers: { Accept: 'multipart/form-data' },
  });
  let bytesRead = 0;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(part, out) {
      bytesRead += part.length;
      onProgress({ bytesRead });
      out.enqueue(part);
    },
  }));
  const whole = new Response(counted, { headers: response.headers });
  if (options.format) return { csv: await whole.blob() };
  const answer = await whole.formData();
  return { csv: answer.get('csv'), ...JSON.parse(answer.get('checked')) };
}
