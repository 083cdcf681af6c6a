import { Link } from "@tanstack/react-router";
import { buttonClass } from "../parts/button.tsx";
import { Empty } from "../parts/empty.tsx";
import { Page } from "../parts/page.tsx";
import { useText } from "../text/use-text.ts";

export function NotFound() {
  const { t } = useText();
  return (
    <Page title={t("not_found.title")}>
      <div className="card">
        <Empty
          title={t("not_found.lead")}
          action={
            <Link to="/" className={buttonClass("primary")}>
              {t("not_found.home")}
            </Link>
          }
        />
      </div>
    </Page>
  );
}
