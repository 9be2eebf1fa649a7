/** SPDX id → what its text says and no other's does; the first that fits counts, so the narrower stand first. */
const signs: readonly (readonly [string, readonly RegExp[]])[] = [
  ['AGPL-3.0', [/gnu affero general public license/, /version 3/]],
  ['LGPL-3.0', [/gnu lesser general public license/, /version 3/]],
  ['LGPL-2.1', [/gnu lesser general public license/, /version 2\.1/]],
  ['GPL-3.0', [/gnu general public license/, /version 3/]],
  ['GPL-2.0', [/gnu general public license/, /version 2/]],
  ['Apache-2.0', [/apache license,? version 2\.0|apache license version 2\.0/]],
  ['MPL-2.0', [/mozilla public license,? (?:version|v\.?) ?2\.0/]],
  ['EPL-2.0', [/eclipse public license - v 2\.0/]],
  ['EUPL-1.2', [/european union public licence v\. ?1\.2/]],
  ['BUSL-1.1', [/business source license 1\.1/]],
  ['Elastic-2.0', [/elastic license 2\.0/]],
  ['CC0-1.0', [/creative commons|cc0/, /cc0 1\.0 universal/]],
  ['CC-BY-4.0', [/attribution 4\.0 international/]],
  ['Unlicense', [/this is free and unencumbered software released into the public domain/]],
  ['BSL-1.0', [/boost software license - version 1\.0/]],
  [
    'Zlib',
    [
      /this software is provided 'as-is', without any express or implied warranty/,
      /altered source versions/,
    ],
  ],
  [
    '0BSD',
    [
      /permission to use, copy, modify,? and(?:\/or)? distribute this software/,
      /^(?!.*appear in all copies)/,
    ],
  ],
  [
    'ISC',
    [
      /permission to use, copy, modify,? and(?:\/or)? distribute this software/,
      /appear in all copies/,
    ],
  ],
  ['BSD-3-Clause', [/redistribution and use in source and binary forms/, /neither the name/]],
  ['BSD-2-Clause', [/redistribution and use in source and binary forms/]],
  ['MIT', [/permission is hereby granted, free of charge/, /without restriction/]],
];

/** The licence a text most likely is, by its phrases; null where none is known. A guess: nobody's legal advice. */
export function licenceOf(text: string): string | null {
  const said = /SPDX-License-Identifier:\s{0,4}([A-Za-z0-9.+-]{2,40})/.exec(text)?.[1];
  if (said !== undefined) return said;
  const plain = text
    .slice(0, 60_000)
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[\s*#>"]{1,200}/g, ' ');
  return signs.find(([, all]) => all.every((sign) => sign.test(plain)))?.[0] ?? null;
}
