// The engine that uses the service which sent the page.
export const promise = `Your file is sent to the service at ${location.host}, which stores nothing of it. Nothing is sent anywhere else.`;
export const amendable = false; // the service has its own rules

function query(options) {
  const q = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value == null || name === 'amend' || name === 'rows') continue;
    for (const one of [value].flat()) q.append(name, one);
  }
  return q.size ? '?' + q : '';
}

async function ask(path, init) {
  const response = await fetch(path, init);
  if (response.ok) return response;
  const { error, columns } = await response.json().catch(() => ({ error: `the service answered ${response.status} ${response.statusText}` }));
  throw Object.assign(new Error(error), { columns });
}

export async function rules() {
  return (await ask('healthz')).json();
}

export async function timeline(options) {
  return (await ask('v1/timeline' + query(options))).json();
}

export async function tables(question) {
  return (await ask('v1/tables', { method: 'POST', body: JSON.stringify(question) })).json();
}

export async function check(device, options) {
  return (await ask('v1/check' + query(options), { method: 'POST', body: JSON.stringify(device) })).json();
}

export async function checkCSV(file, options, onProgress, signal) {
  const response = await ask('v1/check.csv' + query(options), {
    method: 'POST', body: file, signal, headers: { Accept: 'multipart/form-data', 'Content-Type': 'text/csv' },
  });
  let bytesRead = 0;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(part, out) {
      bytesRead += part.length;
      onProgress({ bytesRead });
      out.enqueue(part);
    },
  }));
  const form = await new Response(counted, { headers: response.headers }).formData();
  return { csv: form.get('csv'), ...JSON.parse(form.get('checked')) };
}
