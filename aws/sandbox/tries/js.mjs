import { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand, ListObjectsV2Command, DeleteObjectsCommand, DeleteBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Readable } from "node:stream";

// Checks of the SDK for JavaScript: each prints "ok" or "FAILED" and its name.
const options = { endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION, forcePathStyle: true };
const client = new S3Client(options);
// By default it would sign the checksum of an empty body, which no body that is sent later has.
const presigner = new S3Client({ ...options, requestChecksumCalculation: "WHEN_REQUIRED" });
const Bucket = "js-try";
let failed = 0;
async function check(name, work) {
  try {
    await work();
    console.log("ok", name);
  } catch (error) {
    failed++;
    console.log("FAILED", `${name}: ${error}`);
  }
}
function want(got, wanted) {
  if (String(got) !== String(wanted)) throw new Error(`got ${got}, want ${wanted}`);
}
const get = async (Key) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body.transformToString();

await check("create bucket", () => client.send(new CreateBucketCommand({ Bucket })));
await check("put and get", async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "content" }));
  want(await get("k"), "content");
});
await check("a stream of a known length", async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: "s", Body: Readable.from([Buffer.from("stream")]), ContentLength: 6 }));
  want(await get("s"), "stream");
});
await check("an empty object", async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: "e", Body: "" }));
  want((await client.send(new HeadObjectCommand({ Bucket, Key: "e" }))).ContentLength, 0);
});
await check("an upload in parts", async () => {
  const Body = Readable.from((function* () { for (let i = 0; i < 12; i++) yield Buffer.alloc(1 << 20, i); })());
  await new Upload({ client, params: { Bucket, Key: "parts", Body }, partSize: 5 << 20 }).done();
  want((await client.send(new HeadObjectCommand({ Bucket, Key: "parts" }))).ContentLength, 12 << 20);
});
await check("presigned", async () => {
  const to = await getSignedUrl(presigner, new PutObjectCommand({ Bucket, Key: "p" }), { expiresIn: 60 });
  want((await fetch(to, { method: "PUT", body: "presigned" })).status, 200);
  want(await (await fetch(await getSignedUrl(presigner, new GetObjectCommand({ Bucket, Key: "p" })))).text(), "presigned");
});
await check("nothing is NoSuchKey", async () => {
  const error = await get("none").catch((e) => e);
  want(error.name, "NoSuchKey");
});
await check("delete all and the bucket", async () => {
  const list = await client.send(new ListObjectsV2Command({ Bucket }));
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: list.Contents.map(({ Key }) => ({ Key })) } }));
  await client.send(new DeleteBucketCommand({ Bucket }));
});
process.exit(failed > 0 ? 1 : 0);
